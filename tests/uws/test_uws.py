"""Analyses as jobs of UWS 1.1: every resource of the standard's section 2.2."""

import json
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import clock as clocks
from chalicelib.settings import settings
from chalicelib.uws import control
from tests.support.completed import completed
from tests.support.parallel import at_once
from tests.support.people import make_token
from tests.support.worker import drain
from tests.uws.jobs import Jobs, job_id


def test_a_job_is_made_started_executed_and_completed(scene, jobs, service):
    job = jobs.make(source="salt3", FIX_Z="true", iterations="250", RUNID="mine & yours")
    pending = jobs.document(job)
    assert (pending.phase.value, pending.owner_id, pending.run_id) == ("PENDING", scene.user.username, "mine & yours")
    assert [one.value for one in pending.parameters.OBJ] == [scene.obj_id]
    assert (pending.start_time, pending.end_time, pending.quote) == (None, None, None)
    assert scene.user.get(f"/api/obj/analysis/{job}").status == 403

    assert job_id(jobs.post(f"/{job}/phase", PHASE="RUN")) == job
    assert jobs.phase(job) == "QUEUED"
    drain()
    executing = jobs.document(job)
    assert (executing.phase.value, executing.execution_duration, executing.run_id) == ("EXECUTING", 600, "mine & yours")
    assert executing.start_time is not None
    sent = service.received[-1].document["inputs"]["analysis_parameters"]
    assert sent == {"source": "salt3", "fix_z": True, "iterations": 250}

    assert scene.answer(service.received[-1].token).status == 200
    drain()
    done = jobs.document(job)
    assert (done.phase.value, done.error_summary, done.destruction) == ("COMPLETED", None, None)
    assert done.end_time >= done.start_time >= done.creation_time
    assert {one.id for one in done.results.results} == {"results", "plot_0"}
    assert scene.status(job) == "completed"


def test_results_are_read_where_they_are_said_to_be(scene, jobs):
    job = completed(scene)
    results = jobs.results(job)
    assert set(results) >= {"results", "plot_0"}
    for href in results.values():
        assert href.startswith(settings().public_url)
        assert scene.user.get(href.removeprefix(settings().public_url)).status == 200


def test_with_phase_run_it_is_started_at_once(scene, jobs):
    assert jobs.phase(jobs.make(PHASE="RUN")) == "QUEUED"
    assert len(scene.user.get("/api/obj/analysis").data) == 1


def test_a_service_has_its_name_as_well(scene, jobs):
    job = jobs.make()
    assert scene.user.get(f"/api/uws/salt/{job}/phase").body == b"PENDING"
    assert scene.user.get("/api/uws/unknown").error == (403, "Cannot access this Analysis Service.")


def test_failures_and_silence_are_errors_with_the_reason(scene, jobs, service):
    job = jobs.make(PHASE="RUN")
    drain()
    assert jobs.api.get(f"{jobs.path}/{job}/error").error == (404, "This job is EXECUTING, and has no error.")
    scene.answer(service.received[-1].token, {"status": "failure", "message": "no \u0007 <convergence> & so on"})
    found = jobs.document(job)
    assert (found.phase.value, found.error_summary.type.value, found.error_summary.has_detail) == (
        "ERROR",
        "fatal",
        True,
    )
    assert "<convergence> & so on" in found.error_summary.message
    assert "<convergence> & so on" in jobs.text(f"/{job}/error")


@pytest.mark.parametrize("is_started", [False, True])
def test_a_job_is_aborted_and_no_result_counts_after_that(scene, jobs, service, is_started):
    job = jobs.make()
    if is_started:
        jobs.post(f"/{job}/phase", PHASE="RUN")
        drain()
    assert job_id(jobs.post(f"/{job}/phase", PHASE="ABORT")) == job
    assert jobs.phase(job) == "ABORTED"
    assert jobs.document(job).phase.value == "ABORTED"
    for phase in ("ABORT", "RUN"):
        assert jobs.post(f"/{job}/phase", PHASE=phase).status == 400
    if is_started:
        assert scene.answer(service.received[-1].token).status == 403


@pytest.mark.parametrize("how", ["DELETE", "POST"])
@pytest.mark.parametrize("is_started", [False, True])
def test_a_job_is_deleted_with_its_analysis(scene, jobs, how, is_started):
    job = jobs.make(RUNID="x", **({"PHASE": "RUN"} if is_started else {}))
    by_post = how == "POST"
    answer = jobs.post(f"/{job}", ACTION="DELETE") if by_post else scene.user.delete(f"{jobs.path}/{job}")
    assert (answer.status, answer.headers["Location"]) == (303, settings().public_url + jobs.path)
    assert jobs.list() == []
    for path in (
        "",
        "/phase",
        "/parameters",
        "/results",
        "/error",
        "/quote",
        "/owner",
        "/destruction",
        "/executionduration",
    ):
        assert scene.user.get(f"{jobs.path}/{job}{path}").error == (404, "There is no such job.")
    assert scene.user.get(f"/api/obj/analysis/{job}").status == 403


def test_parameters_change_as_long_as_the_job_is_pending(scene, jobs):
    job = job_id(jobs.post(source="salt2"))
    assert jobs.post(f"/{job}/phase", PHASE="RUN").error == (
        400,
        "OBJ is missing: the id of the object that is to be analysed.",
    )
    assert job_id(jobs.post(f"/{job}/parameters", obj_id=scene.obj_id, source="salt3")) == job
    assert job_id(jobs.post(f"/{job}", note="née <b>")) == job
    found = jobs.document(job).parameters
    assert [found.OBJ[0].value, found.source[0].value, found.note[0].value] == [scene.obj_id, "salt3", "née <b>"]
    assert "née" in scene.user.get(f"{jobs.path}/{job}/parameters").body.decode()
    jobs.post(f"/{job}/phase", PHASE="RUN")
    assert jobs.post(f"/{job}/parameters", note="later").error == (400, "This job is QUEUED, and not PENDING any more.")


def test_run_twice_and_at_once_starts_one_analysis(scene, jobs):
    job = jobs.make()
    answers = at_once(lambda _: jobs.post(f"/{job}/phase", PHASE="RUN"), range(4))
    assert {answer.status for answer in answers} <= {303, 400}
    assert jobs.post(f"/{job}/phase", PHASE="RUN").status == 303
    assert [one["id"] for one in scene.user.get("/api/obj/analysis").data] == [job]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"source": "salt9"}, "must be one of"),
        ({"iterations": "many"}, "iterations must be a number, not 'many'."),
        ({"iterations": "NaN"}, "iterations must be a number"),
        ({"fix_z": "perhaps"}, "fix_z must be true or false"),
        ({"unknown": "1"}, "the service does not declare it"),
        ({"PHASE": "ABORT"}, "PHASE of a new job may be RUN"),
        ({"source": ["salt2", "salt3"]}, "twice"),
        ({"DESTRUCTION": "tomorrow"}, "DESTRUCTION must be an ISO 8601"),
        ({"DESTRUCTION": "2001-01-01T00:00:00Z"}, "must be in the future"),
        ({"note": "a\0b"}, "NUL"),
    ],
)
def test_what_is_wrong_with_a_form_is_refused_and_nothing_is_made(jobs, fields, words):
    status, message = jobs.post(**{"OBJ": jobs.scene.obj_id, **fields}).error
    assert status == 400
    assert words in message
    assert jobs.list() == []


@pytest.mark.parametrize("phase", ["", "run", "HELD"])
def test_a_phase_that_cannot_be_set_is_refused(jobs, phase):
    assert jobs.post(f"/{jobs.make()}/phase", PHASE=phase).status == 400


def test_a_form_may_come_in_parts_without_files(scene, jobs):
    body = (
        f'--x\r\nContent-Disposition: form-data; name="OBJ"\r\n\r\n{scene.obj_id}\r\n'
        '--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nnée\r\n--x--\r\n'
    )
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    job = job_id(scene.user.post(jobs.path, raw=body.encode(), headers=headers))
    assert jobs.document(job).parameters.note[0].value == "née"
    file = body.replace('name="note"', 'name="note"; filename="a.fits"')
    assert "data URL" in scene.user.post(jobs.path, raw=file.encode(), headers=headers).error[1]
    assert scene.user.post(jobs.path, raw=b"\xff=\xff", headers={}).status == 400


def test_jobs_are_listed_newest_first_and_filtered(scene, jobs, service):
    first = jobs.make(PHASE="RUN", RUNID="one")
    drain()
    time.sleep(0.002)
    middle = clocks.now()
    second, third = jobs.make(PHASE="RUN"), jobs.make()
    assert [(int(one.job_id), one.phase.value) for one in jobs.list()] == [
        (third, "PENDING"),
        (second, "QUEUED"),
        (first, "EXECUTING"),
    ]
    assert [one.run_id for one in jobs.list("?PHASE=EXECUTING")] == ["one"]
    assert {int(one.job_id) for one in jobs.list("?PHASE=QUEUED&phase=PENDING")} == {second, third}
    assert [int(one.job_id) for one in jobs.list("?LAST=2")] == [third, second]
    assert [int(one.job_id) for one in jobs.list("?LAST=1&PHASE=EXECUTING")] == [first]
    assert [int(one.job_id) for one in jobs.list(f"?AFTER={middle.isoformat()}")] == [third, second]
    assert jobs.list("?PHASE=ARCHIVED") == []
    assert all(one.href == f"{settings().public_url}{jobs.path}/{one.job_id}" for one in jobs.list())
    assert {one.owner_id for one in jobs.list()} == {scene.user.username}
    for query in ("?PHASE=ODD", "?LAST=0", "?LAST=x", "?AFTER=yesterday"):
        assert scene.user.get(jobs.path + query).status == 400


def test_others_have_lists_of_their_own_and_see_the_analyses_that_they_may_read(scene, jobs):
    draft, job = jobs.make(), jobs.make(PHASE="RUN")
    member = Jobs(scene, _member(scene))
    assert member.list() == []
    assert member.phase(job) == "QUEUED"
    assert member.document(job).owner_id == scene.user.username
    assert member.api.get(f"{jobs.path}/{draft}").status == 404
    assert member.post(f"/{job}/phase", PHASE="ABORT").status == 403
    assert member.api.delete(f"{jobs.path}/{job}").status == 403
    outsider = replace(member, api=scene.outsider())
    assert outsider.api.get(jobs.path).status == 403
    assert outsider.api.get(f"{jobs.path}/{job}").status == 403


def test_who_may_not_run_analyses_may_read_jobs_alone(scene, jobs):
    job = jobs.make(PHASE="RUN")
    reader = Jobs(scene, make_token(scene.admin, scene.user.user_id, []))
    assert reader.phase(job) == "QUEUED"
    for path in (
        "",
        f"/{job}",
        f"/{job}/phase",
        f"/{job}/parameters",
        f"/{job}/destruction",
        f"/{job}/executionduration",
    ):
        assert reader.post(path, OBJ=scene.obj_id).status == 401
    assert reader.api.delete(f"{jobs.path}/{job}").status == 401


def test_a_job_of_another_service_is_none_of_this(scene, jobs):
    job = jobs.make(PHASE="RUN")
    other = scene.admin.post(
        "/api/analysis_service",
        {
            "name": "another",
            "url": scene.service.url,
            "authentication_type": "none",
            "analysis_type": "meta_analysis",
            "group_ids": [scene.group_id],
        },
    ).data["id"]
    assert scene.user.get(f"/api/uws/{other}/{job}").status == 404


def test_a_wait_ends_when_the_job_leaves_its_phase(scene, jobs):
    job = jobs.make(PHASE="RUN")
    started = time.monotonic()
    asking = lambda: jobs.document(job, WAIT="20").phase.value  # noqa: E731
    phase, _ = at_once(lambda act: act(), [asking, lambda: time.sleep(0.5) or drain()])
    assert phase == "EXECUTING"
    assert 0.4 < time.monotonic() - started < 15


@pytest.mark.parametrize(
    "query", [{"WAIT": "20", "PHASE": "EXECUTING"}, {"WAIT": "0"}, {"wait": "20", "phase": "PENDING"}]
)
def test_nothing_is_waited_for_that_is_over(jobs, query):
    job = jobs.make(PHASE="RUN")
    started = time.monotonic()
    assert jobs.document(job, **query).phase.value == "QUEUED"
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("act", [{"PHASE": "RUN"}, {"PHASE": "ABORT"}, None])
def test_a_job_that_was_not_started_is_waited_for_as_well(jobs, act):
    """The standard calls PENDING an active phase: somebody else may start, abort or remove it."""
    job = jobs.make()
    started = time.monotonic()
    assert jobs.document(job, WAIT="1").phase.value == "PENDING"
    assert time.monotonic() - started > 0.9

    def later():
        time.sleep(0.5)
        return jobs.api.delete(f"{jobs.path}/{job}") if act is None else jobs.post(f"/{job}/phase", **act)

    asking = lambda: jobs.api.get(f"{jobs.path}/{job}", WAIT="20", PHASE="PENDING")  # noqa: E731
    answer, done = at_once(lambda one: one(), [asking, later])
    assert done.status == 303
    expected = {"RUN": b">QUEUED<", "ABORT": b">ABORTED<"}.get((act or {}).get("PHASE", ""))
    assert answer.status == (404 if expected is None else 200)
    assert expected is None or expected in answer.body
    assert time.monotonic() - started < 15


def test_a_wait_without_end_ends_before_the_gateway_hangs_up(jobs, monkeypatch):
    monkeypatch.setattr("chalicelib.uws.routes.LONGEST_WAIT_SECONDS", 1)
    job = jobs.make(PHASE="RUN")
    started = time.monotonic()
    assert jobs.document(job, WAIT="-1").phase.value == "QUEUED"
    assert 0.9 < time.monotonic() - started < 10


def test_a_draft_goes_when_its_time_is_over_and_an_analysis_stays(scene, jobs, monkeypatch):
    draft = jobs.make()
    wished = (clocks.now() + timedelta(hours=2)).replace(microsecond=0)
    assert job_id(jobs.post(f"/{draft}/destruction", DESTRUCTION=f"{wished.isoformat()}Z")) == draft
    assert jobs.text(f"/{draft}/destruction") == f"{wished.isoformat()}.000Z"
    jobs.post(f"/{draft}/destruction", DESTRUCTION="2099-01-01T00:00:00Z")
    assert jobs.text(f"/{draft}/destruction") < (clocks.now() + timedelta(days=8)).isoformat()
    assert jobs.document(draft).destruction is not None
    job = jobs.make(PHASE="RUN")
    jobs.post(f"/{job}/destruction", DESTRUCTION=f"{wished.isoformat()}Z")
    assert jobs.text(f"/{job}/destruction") == ""
    later = time.time() + 8 * 24 * 3600
    monkeypatch.setattr("chalicelib.uws.draft.time.time", lambda: later)
    assert [int(one.job_id) for one in jobs.list()] == [job]
    assert scene.user.get(f"{jobs.path}/{draft}").status == 404


def test_the_small_resources_say_what_they_are_for(scene, jobs):
    job = jobs.make(PHASE="RUN")
    assert jobs.text(f"/{job}/quote") == ""
    assert jobs.text(f"/{job}/owner") == scene.user.username
    assert jobs.text(f"/{job}/executionduration") == "600"
    assert job_id(jobs.post(f"/{job}/executionduration", EXECUTIONDURATION="10")) == job
    assert jobs.text(f"/{job}/executionduration") == "600"
    assert jobs.results(job) == {}


def test_a_phase_that_is_posted_to_the_job_itself_counts(jobs):
    job = jobs.make(OBJ="")
    assert job_id(jobs.post(f"/{job}", OBJ=jobs.scene.obj_id, source="salt3", PHASE="RUN")) == job
    assert jobs.phase(job) == "QUEUED"
    assert job_id(jobs.post(f"/{job}", PHASE="ABORT")) == job
    assert jobs.phase(job) == "ABORTED"


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("", {"ACTION": "BURN"}),
        ("", {"PHASE": "HELD"}),
        ("/destruction", {}),
        ("/destruction", {"DESTRUCTION": ""}),
        ("/executionduration", {}),
        ("/executionduration", {"EXECUTIONDURATION": "long"}),
        ("/executionduration", {"EXECUTIONDURATION": "-5"}),
        ("/executionduration", {"EXECUTIONDURATION": "nan"}),
    ],
)
def test_what_says_nothing_is_refused_and_changes_nothing(jobs, path, fields):
    job = jobs.make()
    before = jobs.api.get(f"{jobs.path}/{job}").body
    assert jobs.post(f"/{job}{path}", **fields).status == 400
    assert jobs.api.get(f"{jobs.path}/{job}").body == before


def test_json_is_told_from_a_form(jobs):
    answer = jobs.api.post(jobs.path, {"OBJ": jobs.scene.obj_id}, headers={"Content-Type": "application/json"})
    assert (answer.error[0], "form" in answer.error[1]) == (400, True)


def test_so_many_drafts_and_no_more(jobs, monkeypatch):
    monkeypatch.setattr("chalicelib.uws.control.MOST", 2)
    kept = [jobs.make(), jobs.make()]
    assert jobs.post(OBJ=jobs.scene.obj_id).status == 400
    jobs.api.delete(f"{jobs.path}/{kept[0]}")
    jobs.make()


def test_the_last_draft_is_made_by_one_of_two_at_once(jobs, monkeypatch):
    monkeypatch.setattr("chalicelib.uws.control.MOST", 2)
    jobs.make()
    answers = at_once(lambda _: jobs.post(OBJ=jobs.scene.obj_id).status, range(4))
    assert sorted(answers) == [303, 400, 400, 400]
    assert len(jobs.list()) == 2


def test_what_a_start_refuses_is_refused_and_the_draft_stays(scene, jobs):
    job = jobs.make(OBJ="nowhere")
    assert jobs.post(f"/{job}/phase", PHASE="RUN").error == (404, "Error posting analysis: Obj nowhere not found")
    assert jobs.phase(job) == "PENDING"
    assert json.loads(jobs.post(OBJ="nowhere", PHASE="RUN").body)["status"] == "error"
    assert len(jobs.list()) == 1


@pytest.mark.parametrize("name", [None, "mine"])
def test_who_aborts_while_another_starts_it_has_aborted_it(scene, jobs, monkeypatch, name):
    """The draft is aborted between being read and being started."""
    job = jobs.make(**({} if name is None else {"RUNID": name}))
    begin = control.start

    def aborted_first(*arguments):
        assert jobs.post(f"/{job}/phase", PHASE="ABORT").status == 303
        return begin(*arguments)

    monkeypatch.setattr(control, "start", aborted_first)
    assert jobs.post(f"/{job}/phase", PHASE="RUN").status == 303
    assert jobs.phase(job) == "ABORTED"
    assert scene.status(job) == "cancelled"


def test_who_starts_it_while_another_aborts_has_not_started_it_for_long(scene, jobs, monkeypatch):
    """The process dies when the run is stored, and its draft still there."""
    job = jobs.make()

    class Dies(BaseException):
        pass

    def killed(*_, **__):
        raise Dies

    with monkeypatch.context() as patched:
        patched.setattr(control, "_settle", killed)
        with pytest.raises(Dies):
            jobs.post(f"/{job}/phase", PHASE="RUN")
    assert jobs.phase(job) == "QUEUED"
    assert [one.phase.value for one in jobs.list()] == ["QUEUED"]
    assert jobs.post(f"/{job}/phase", PHASE="RUN").status == 303
    assert jobs.post(f"/{job}/phase", PHASE="ABORT").status == 303
    assert (jobs.phase(job), scene.status(job)) == ("ABORTED", "cancelled")
    assert [int(one.job_id) for one in jobs.list()] == [job]


def test_what_a_draft_cannot_keep_is_refused_with_a_way_out(jobs):
    assert "PHASE=RUN" in jobs.post(OBJ=jobs.scene.obj_id, note="x" * 40_000).error[1]
    job = jobs.make()
    assert jobs.post(f"/{job}/parameters", note="x" * 40_000).status == 400
    assert jobs.post(OBJ=jobs.scene.obj_id, PHASE="RUN", RUNID="x" * 1_001).status == 400
    assert job_id(jobs.post(OBJ=jobs.scene.obj_id, PHASE="RUN", note="x" * 40_000))


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\u20ac"]
)
@pytest.mark.parametrize(
    "body", [b"", b"--x", b"\xff\r\n\r\n", b"--x\r\nContent-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--x--"]
)
def test_odd_forms_are_no_fault_of_ours(jobs, kind, body):
    assert jobs.api.post(jobs.path, raw=body, headers={"Content-Type": kind}).status in {303, 400}


@pytest.mark.parametrize("name", ["x" * 3_000, "%00", "0" * 17, "%E2%82%AC", "99999999999999"])
def test_a_service_that_is_none_is_refused(jobs, name):
    assert jobs.api.get(f"/api/uws/{name}").status == 403


def test_any_moment_may_be_asked_for(jobs):
    job = jobs.make(PHASE="RUN")
    assert [int(one.job_id) for one in jobs.list("?AFTER=0001-01-01")] == [job]
    assert jobs.list("?AFTER=9999-12-31T23:59:59Z") == []


def _member(scene):
    from tests.support.people import make_user

    return make_user(scene.admin, groups=[scene.group_id])
