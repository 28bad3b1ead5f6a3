"""Runs that kill every dispatcher, and messages that nothing can read."""

from collections import Counter

import boto3
import pytest

from chalicelib.analyses.dispatch import dispatch
from chalicelib.analyses.states import State
from chalicelib.analyses.upkeep import cleanup
from chalicelib.services import store
from chalicelib.settings import settings
from infra.redrive import redrive
from tests.faults import stored
from tests.faults.invariants import check


@pytest.fixture
def deadly(world, monkeypatch):
    """A run that kills its dispatcher after each POST, and how often it was tried."""
    tries = Counter()
    answer = world.scene.admin.patch(f"/api/analysis_service/{world.scene.service_id}", {"timeout": 36000})
    assert answer.status == 200
    victim = world.start()
    really_record = dispatch.record

    def die(run, outcome):
        tries[run.id] += 1
        if run.id == victim:
            raise MemoryError("killed")
        really_record(run, outcome)

    monkeypatch.setattr(dispatch, "record", die)
    return victim, tries


def test_a_run_that_no_dispatcher_survives_ends_with_the_reason(world, deadly):
    victim, tries = deadly
    world.settle()
    check(world)
    assert world.history[victim][-1] is State.FAILURE
    assert tries[victim] == 5
    assert "dispatcher failed again and again" in world.scene.read(victim)["status_message"]
    attempts = world.scene.user.get(f"/api/obj/analysis/{victim}/attempts").data
    assert [made["outcome"] for made in attempts] == ["interrupted"] * 5
    assert len(stored.keys("dead/dispatch/")) == 1


def test_a_run_whose_dispatcher_died_says_why_it_waits(world, deadly):
    victim, _ = deadly
    world.pump()
    world.advance(seconds=91)
    world.sweep()
    message = world.scene.read(victim)["status_message"]
    assert "interrupted" in message
    assert "Next try at" in message


def test_a_run_that_kills_dispatchers_may_still_get_its_result(world, deadly):
    victim, _ = deadly
    world.pump()
    assert world.post(victim) == 200
    world.settle()
    check(world)
    assert world.history[victim][-1] is State.COMPLETED


@pytest.mark.parametrize("body", ["no JSON", "[1]", "null"])
def test_a_message_that_cannot_be_read_is_kept_and_does_not_come_again(world, body):
    sqs, queue = boto3.client("sqs"), settings().queue("dispatch-dead")
    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=queue)["QueueUrl"], MessageBody=body)
    world.sweep()
    (key,) = stored.keys("dead/dispatch/")
    assert stored.document(key) == {"unreadable": body}
    assert list(stored.arrivals(queue)) == []
    assert redrive(None, only_list=False) == 1
    assert stored.keys("dead/dispatch/") == [key]


def test_the_analyses_of_a_deleted_service_go_though_its_deletion_took_long(world, monkeypatch):
    analysis_id = world.start()
    really_revise = store.revise

    def revise_slowly(*arguments):
        world.advance(seconds=25)
        world.pump()
        really_revise(*arguments)

    monkeypatch.setattr(store, "revise", revise_slowly)
    assert world.scene.admin.delete(f"/api/analysis_service/{world.scene.service_id}").status == 200
    world.settle()
    check(world)
    assert world.history[analysis_id][-1] is State.DELETED


def test_the_analyses_of_a_deleted_service_go_though_deleting_them_failed_for_long(world, monkeypatch):
    analysis_id = world.start()
    world.pump()
    assert world.post(analysis_id) == 200
    world.settle()
    assert world.scene.admin.delete(f"/api/analysis_service/{world.scene.service_id}").status == 200

    def fail(_run):
        raise RuntimeError("DynamoDB is down")

    with monkeypatch.context() as patched:
        patched.setattr(cleanup, "delete", fail)
        for _ in range(6):
            world.advance(minutes=13)
            world.pump()
    world.sweep()
    world.settle()
    check(world)
    assert world.history[analysis_id][-1] is State.DELETED
