"""How many AWS calls the resources of a job take on a warm function."""

import pytest

from tests.analyses.test_budget import calls_of

RUN = ["GetItem", "GetItem", "GetItem", "TransactGetItems"]
"""The service, what is kept of the draft, the run, and its source and service together."""


@pytest.mark.parametrize("path", ["", "/phase", "/results", "/parameters", "/owner"])
def test_to_read_a_job_takes_four(scene, jobs, path):
    job = jobs.make(PHASE="RUN")
    scene.user.get(f"{jobs.path}/{job}{path}")
    assert calls_of(lambda: scene.user.get(f"{jobs.path}/{job}{path}")) == RUN


def test_a_job_that_was_not_started_takes_three(scene, jobs):
    job = jobs.make()
    assert calls_of(lambda: scene.user.get(f"{jobs.path}/{job}")) == ["GetItem", "GetItem", "GetItem"]


def test_to_make_one_that_waits_takes_a_look_at_the_others(scene, jobs):
    jobs.make()
    assert calls_of(jobs.make) == ["GetItem", "GetItem", "Query", "TransactWriteItems"]


def test_to_make_one_and_start_it_takes_the_service_more_than_a_start(scene, jobs):
    jobs.make(PHASE="RUN")
    start = ["TransactGetItems", "TransactWriteItems", "SendMessage"]
    assert calls_of(lambda: jobs.make(PHASE="RUN")) == ["GetItem", *start]
    assert calls_of(lambda: jobs.make(PHASE="RUN", RUNID="x")) == ["GetItem", *start, "PutItem"]


def test_a_list_takes_as_many_however_many_jobs_there_are(scene, jobs):
    for _ in range(2):
        jobs.make(PHASE="RUN")
    jobs.list()
    few = calls_of(jobs.list)
    for _ in range(3):
        jobs.make(PHASE="RUN", RUNID="x")
        jobs.make()
    assert calls_of(jobs.list) == few
    assert len(few) <= 8
