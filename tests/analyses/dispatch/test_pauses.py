import pytest

from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.run import max_in_flight
from chalicelib.analyses.run.webhook_token import token_of
from tests.support.service import Reaction
from tests.support.worker import drain, take


@pytest.fixture
def failing(scene):
    scene.service.reaction = Reaction(503, b"down")
    return scene


def fail_until_paused(scene):
    ids = [scene.start() for _ in range(5)]
    drain()
    return ids


def circuit(scene):
    return scene.user.get(f"/api/analysis_service/{scene.service_id}/health").data["circuit"]


def test_a_service_that_fails_again_and_again_is_paused_and_runs_wait(failing):
    fail_until_paused(failing)
    assert circuit(failing)["state"] == "open"
    sent = len(failing.service.received)
    waiting = failing.start()
    drain()
    assert len(failing.service.received) == sent
    record = failing.read(waiting)
    assert record["status"] == "queued"
    assert "paused" in record["status_message"]
    assert "Next try at" in record["status_message"]


def test_one_run_alone_pauses_nothing(failing, clock):
    assert failing.admin.patch(f"/api/analysis_service/{failing.service_id}", {"timeout": 36000}).status == 200
    failing.start()
    for _ in range(6):
        drain()
        clock.sweep_after(minutes=31)
    assert len(failing.service.received) > 5
    assert circuit(failing)["state"] == "closed"


def test_after_a_pause_one_run_tries_and_success_lets_all_go(failing, clock):
    ids = [*fail_until_paused(failing), *(failing.start() for _ in range(3))]
    drain()
    sent = len(failing.service.received)
    failing.service.reaction = Reaction()
    clock.sweep_after(seconds=61)
    drain()
    assert circuit(failing) == {"state": "closed", "failures": 0, "paused_until": None}
    for _ in range(3):
        clock.sweep_after(minutes=1)
        drain()
    assert {failing.status(analysis_id) for analysis_id in ids} == {"pending"}
    assert len(failing.service.received) == sent + len(ids)


def test_a_trial_that_fails_pauses_for_longer(failing, clock):
    fail_until_paused(failing)
    failing.start()
    drain()
    sent = len(failing.service.received)
    clock.sweep_after(seconds=61)
    drain()
    assert len(failing.service.received) == sent + 1
    clock.sweep_after(seconds=61)
    drain()
    assert len(failing.service.received) == sent + 1  # the second pause lasts two minutes
    assert circuit(failing)["state"] == "open"


def test_a_run_that_cannot_be_sent_before_the_pause_ends_fails_with_the_reason(failing, clock):
    fail_until_paused(failing)
    assert failing.admin.patch(f"/api/analysis_service/{failing.service_id}", {"timeout": 1}).status == 200
    for minutes in (1, 2):
        failing.start()
        drain()
        clock.sweep_after(minutes=minutes, seconds=1)
        drain()
    late = failing.start()
    drain()
    record = failing.read(late)
    assert record["status"] == "failure"
    assert "paused" in record["status_message"]


def test_a_service_that_refuses_is_there_and_not_paused(scene):
    scene.service.reaction = Reaction(422, b"no")
    for _ in range(6):
        scene.start()
    drain()
    assert circuit(scene)["state"] == "closed"
    assert len(scene.service.received) == 6


def test_a_trial_that_finds_no_place_keeps_nobody_from_trying(failing, clock):
    def limit(most):
        answer = failing.admin.put(f"/api/analysis_service/{failing.service_id}/limits", {"max_in_flight": most})
        assert answer.status == 200

    limit(1)
    failing.service.reaction = Reaction()
    first = failing.start()
    drain()
    limit(10)
    failing.service.reaction = Reaction(503, b"down")
    fail_until_paused(failing)
    limit(1)
    failing.service.reaction = Reaction()
    clock.advance(seconds=61)
    failing.start()
    drain()
    sent = len(failing.service.received)
    assert failing.answer(token_of(first)).status == 200
    drain()
    assert len(failing.service.received) == sent + 1


def test_who_waits_for_the_end_of_a_pause_keeps_no_place_from_the_trial(failing, clock, monkeypatch):
    def limit(most):
        answer = failing.admin.put(f"/api/analysis_service/{failing.service_id}/limits", {"max_in_flight": most})
        assert answer.status == 200

    def meet(run, most):
        monkeypatch.setattr(max_in_flight, "take", really_take)
        dispatch(*messages[woken].values())  # meets the trial of the older one
        return really_take(run, most)

    really_take = max_in_flight.take
    for analysis_id in fail_until_paused(failing):
        failing.user.post(f"/api/obj/analysis/{analysis_id}/cancel")
    older = failing.start()
    take("dispatch")
    woken = failing.start()
    drain()
    limit(1)
    failing.service.reaction = Reaction()
    clock.sweep_after(seconds=61)
    messages = {message["run"]: message for message in take("dispatch") if "run" in message}
    sent = len(failing.service.received)
    monkeypatch.setattr(max_in_flight, "take", meet)
    dispatch(*messages[older].values())
    for _ in range(3):
        clock.sweep_after(minutes=1)
        drain()
    assert len(failing.service.received) == sent + 1


def test_a_paused_service_for_which_nobody_waits_is_soon_left_alone(failing, clock):
    ids = fail_until_paused(failing)
    for analysis_id in ids:
        assert failing.user.delete(f"/api/obj/analysis/{analysis_id}").status == 200
    drain()
    for _ in range(8):
        clock.sweep_after(minutes=1)
        drain()
    assert clock.sweep_after(minutes=1) == {}
