from datetime import timedelta

import boto3
import pytest

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.items.table import SHARDS
from chalicelib.analyses.start import start
from chalicelib.analyses.upkeep import resending
from chalicelib.analyses.upkeep.sweep import sweep
from chalicelib.clock import now as clock_now
from chalicelib.settings import settings
from tests.support.aws_calls import recorded_aws_calls
from tests.support.permissions import acting_as
from tests.support.scene import make_scene
from tests.support.worker import bury_dead_letters, delayed, drain, take


def counts(scene):
    found = RunCount.get(scene.obj_id, RunCount.key(scene.user.user_id))
    return found.open_runs, found.completed_runs


def test_nothing_is_due_in_an_empty_system(stack):
    assert sweep() == {}


def test_a_start_that_dies_before_its_send_is_sent_by_the_sweep(scene, clock, monkeypatch):
    def die(*_args, **_kwargs):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(start.dispatch_queue, "send", die)
        answer = scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}")
        assert answer.error[0] == 500
    assert take("dispatch") == []
    assert clock.sweep_after(seconds=61) == {"send": 1}
    drain()
    assert len(scene.service.received) == 1


def test_a_queue_that_is_down_does_not_fail_the_start(scene, clock, monkeypatch):
    from botocore.exceptions import EndpointConnectionError

    def refuse(*_args, **_kwargs):
        raise EndpointConnectionError(endpoint_url="sqs")

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.analyses.run.dispatch_queue.aws.send", refuse)
        analysis_id = scene.start()
    clock.sweep_after(seconds=61)
    drain()
    assert scene.status(analysis_id) == "pending"


def test_a_backlog_is_not_multiplied(scene, clock):
    scene.start()
    take("dispatch")
    sent = 0
    for _ in range(60):
        clock.sweep_after(minutes=1)
        sent += len(take("dispatch"))
    assert sent <= 8  # 1, 2, 4, 8, 15, 15 … minutes


def test_what_is_never_sent_fails_when_its_time_is_over(scene, clock):
    analysis_id = scene.start()
    take("dispatch")
    for _ in range(20):
        clock.sweep_after(minutes=1)
        take("dispatch")
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "in time" in record["status_message"]
    assert counts(scene) == (0, 0)


def test_a_dispatcher_that_dies_while_it_sends_is_replaced(scene, clock, monkeypatch):
    from chalicelib.analyses.dispatch import dispatch

    analysis_id = scene.start()
    (message,) = take("dispatch")

    def die(*_, **__):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(dispatch, "post_json", die)
        with pytest.raises(MemoryError):
            dispatch.dispatch(message["run"], message["attempt"], message["timeout"])
    clock.sweep_after(seconds=30)
    drain()
    assert scene.service.received == []  # its lease still holds
    clock.sweep_after(seconds=65)
    drain()
    assert scene.status(analysis_id) == "pending"
    assert len(scene.service.received) == 1


def test_a_run_that_kills_every_dispatcher_is_given_up_with_the_reason(scene, clock, monkeypatch):
    from chalicelib.analyses.dispatch import dispatch

    def die(*_, **__):
        raise MemoryError("killed")

    monkeypatch.setattr(dispatch, "post_json", die)
    analysis_id, deaths = scene.start(), 0
    for _ in range(40):
        for message in [*take("dispatch"), *delayed("dispatch")]:
            deaths += 1
            with pytest.raises(MemoryError), acting_as("dispatch"):
                dispatch.dispatch(message["run"], message["attempt"], message["timeout"])
        bury_dead_letters()
        clock.sweep_after(seconds=91)
    assert deaths == 5
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "dispatcher failed again and again" in record["status_message"]


def test_a_service_that_never_answers_times_out(scene, clock):
    analysis_id = scene.start()
    drain()
    clock.sweep_after(seconds=601)
    assert scene.status(analysis_id) == "pending"  # a webhook may still be at work
    for _ in range(20):
        clock.sweep_after(minutes=1)
    assert scene.status(analysis_id) == "timed_out"
    assert counts(scene) == (0, 0)


def test_counts_follow_every_way_a_run_can_take(scene):
    first, second = scene.start(), scene.start()
    assert counts(scene) == (2, 0)
    drain()
    scene.answer(scene.service.received[0].token)
    assert counts(scene) == (1, 1)
    for analysis_id in (first, second):
        scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    assert counts(scene) == (0, 0)


def test_an_ended_and_collected_run_is_never_due_again(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    drain()
    assert Run.find(analysis_id).due is None


def test_a_sweep_makes_a_bounded_number_of_calls_however_many_runs_are_due(scene, clock, monkeypatch):
    facts = Run.find(scene.start()).attribute_values
    take("dispatch")
    with Run.batch_write() as batch:
        for number in range(800):
            batch.save(Run(**{**facts, "analysis_id": number + 1, "due_shard": number % SHARDS}))
    monkeypatch.setattr("chalicelib.analyses.upkeep.sweep.DUE_A_SHARD", 3)
    clock.advance(seconds=61)
    with recorded_aws_calls() as calls:
        assert sweep() == {"send": SHARDS * 3}
    assert len(calls) <= SHARDS + 1 + 4 * SHARDS * 3
    assert "Scan" not in calls


def test_a_backlog_is_worked_off_over_several_sweeps_and_each_run_sent_once(scene, clock, monkeypatch):
    ids = {scene.start() for _ in range(12)}
    take("dispatch")
    monkeypatch.setattr("chalicelib.analyses.upkeep.sweep.DUE_A_SHARD", 1)
    sent = []
    clock.advance(seconds=61)
    for _ in range(12):
        sweep()
        sent += [message["run"] for message in take("dispatch")]
    assert sorted(sent) == sorted(ids)


def test_one_broken_run_does_not_keep_the_sweep_from_others(admin, service, clock, monkeypatch):
    scene = make_scene(admin, service)
    broken, good = scene.start(), scene.start()
    take("dispatch")
    real = resending.adopt_stored_result

    def fail(run, **options):
        if run.id == broken:
            raise RuntimeError("S3 is down for this one")
        return real(run, **options)

    monkeypatch.setattr(resending, "adopt_stored_result", fail)
    clock.sweep_after(seconds=61)
    assert [message["run"] for message in take("dispatch")] == [good]


def test_what_cannot_be_handled_does_not_stand_before_the_others_for_ever(scene, clock, monkeypatch):
    broken, good = scene.start(), scene.start()
    take("dispatch")
    first = clock_now()
    Run(broken).update(actions=[Run.status.set("of another release"), Run.due.set(first), Run.due_shard.set(0)])
    Run(good).update(actions=[Run.due.set(first + timedelta(seconds=1)), Run.due_shard.set(0)])
    monkeypatch.setattr("chalicelib.analyses.upkeep.sweep.DUE_A_SHARD", 1)
    assert clock.sweep_after(seconds=61) == {"unknown": 1}
    assert clock.sweep_after(seconds=1) == {"send": 1}
    assert [message["run"] for message in take("dispatch")] == [good]
    assert clock.sweep_after(minutes=1)["unknown"] == 1  # and it is not forgotten


def test_a_run_that_cannot_be_read_is_put_off_alone(scene, clock):
    broken, good = scene.start(), scene.start()
    take("dispatch")
    boto3.client("dynamodb").update_item(
        TableName=settings().table("analyses"),
        Key={"analysis_id": {"N": str(broken)}, "sk": {"S": "run"}},
        UpdateExpression="SET attempts = :text",
        ExpressionAttributeValues={":text": {"S": "no JSON"}},
    )
    assert clock.sweep_after(seconds=61) == {"send": 1}
    assert [message["run"] for message in take("dispatch")] == [good]
    assert clock.sweep_after(seconds=1) == {}


def test_what_waits_for_a_service_is_not_forgotten_by_a_sweep_that_fails(scene, clock, monkeypatch):
    def limit(most):
        answer = scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", {"max_in_flight": most})
        assert answer.status == 200

    limit(1)
    ids = [scene.start() for _ in range(3)]
    drain()
    limit(None)

    def fail(*_):
        raise RuntimeError("SQS is down")

    with monkeypatch.context() as patched:
        patched.setattr("chalicelib.analyses.dispatch.waiting.wake", fail)
        assert clock.sweep_after(seconds=61)["places"] == 1
    clock.sweep_after(seconds=61)
    drain()
    assert [scene.status(analysis_id) for analysis_id in ids] == ["pending"] * 3


def test_a_silent_service_times_out_when_its_time_is_over_and_not_much_later(admin, service, clock):
    scene = make_scene(admin, service, timeout=5)
    analysis_id = scene.start()
    drain()
    clock.sweep_after(seconds=61)
    clock.sweep_after(seconds=10)
    assert scene.status(analysis_id) == "timed_out"
