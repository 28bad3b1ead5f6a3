"""`?wait=`: an answer when the run has ended, or in time."""

import threading
import time

import pytest

from chalicelib.analyses.read import wait_for_end as waiting
from chalicelib.analyses.states import State
from tests.support.aws_calls import recorded_aws_calls
from tests.support.worker import drain


class Watch:
    """A clock that moves when somebody sleeps."""

    def __init__(self, monkeypatch):
        self.now, self.pauses, self.meanwhile = 0.0, [], {}
        monkeypatch.setattr(waiting, "monotonic", lambda: self.now)
        monkeypatch.setattr(waiting, "sleep", self._sleep)

    def _sleep(self, seconds):
        self.pauses.append(seconds)
        self.now += seconds
        for moment in [moment for moment in self.meanwhile if moment <= self.now]:
            self.meanwhile.pop(moment)()


@pytest.fixture
def watch(monkeypatch):
    return Watch(monkeypatch)


@pytest.fixture
def pending(scene):
    """The path of a run that its service has taken."""
    analysis_id = scene.start()
    drain()
    return f"/api/obj/analysis/{analysis_id}"


def test_the_answer_comes_as_soon_as_the_run_has_ended(scene, pending, watch):
    watch.meanwhile[7.0] = lambda: scene.answer(scene.service.received[0].token)
    assert scene.user.get(pending, wait=25).data["status"] == "completed"
    assert 7.0 <= watch.now < 8.2


def test_it_comes_as_the_run_is_when_the_time_is_over(scene, pending, watch):
    assert scene.user.get(pending, wait=3).data["status"] == "pending"
    assert watch.now == pytest.approx(3)


def test_below_its_object_too(scene, pending, watch):
    watch.meanwhile[1.0] = lambda: scene.user.post(f"{pending}/cancel")
    path = pending.replace("/obj/", f"/obj/{scene.obj_id}/")
    assert scene.user.get(path, wait=25, includeFilename=1).data["status"] == "cancelled"
    assert watch.now < 2.2


def test_what_has_ended_is_answered_at_once(scene, pending, watch):
    scene.answer(scene.service.received[0].token)
    scene.user.get(pending)
    with recorded_aws_calls() as calls:
        assert scene.user.get(pending, wait=25).data["status"] == "completed"
    assert (calls, watch.pauses) == (["GetItem", "TransactGetItems"], [])


def test_the_longest_wait_takes_few_and_cheap_reads(scene, pending, watch):
    scene.user.get(pending)
    with recorded_aws_calls() as calls:
        scene.user.get(pending, wait=25)
    readings = ["GetItem", "TransactGetItems"]
    assert (calls[:2], calls[-2:], set(calls[2:-2])) == (readings, readings, {"GetItem"})
    assert 25 <= len(calls[2:-2]) <= 32
    assert watch.pauses[0] == pytest.approx(0.2, rel=0.11)
    assert max(watch.pauses) <= 1.1
    assert watch.pauses[9] == pytest.approx(1, rel=0.11)


@pytest.mark.parametrize("value", ["26", "-1", "1.5", "nan", "soon", "", "1e9", "9" * 5000])
def test_bad_values_are_refused(scene, pending, value):
    code, message = scene.user.get(pending, wait=value).error
    assert (code, "wait" in message) == (400, True)


def test_who_may_not_read_it_is_refused_at_once(scene, pending, watch):
    stranger = scene.outsider()
    for path in (pending, "/api/obj/analysis/12345"):
        assert stranger.get(path, wait=25).error == (403, "Cannot access this Analysis.")
    assert watch.pauses == []


def test_a_run_that_is_deleted_meanwhile_is_out_of_reach(scene, pending, watch):
    watch.meanwhile[1.0] = lambda: scene.user.delete(pending)
    assert scene.user.get(pending, wait=25).error == (403, "Cannot access this Analysis.")
    assert watch.now < 2.2


def test_one_can_wait_for_another_state(scene, watch):
    analysis_id = scene.start()
    watch.meanwhile[1.0] = drain
    assert waiting.wait_for_end(analysis_id, 25, leaves=frozenset({State.QUEUED}))
    assert not waiting.wait_for_end(analysis_id, 2)
    assert watch.now < 4.2


def test_more_than_a_process_can_hold_are_answered_at_once(scene, pending, monkeypatch):
    monkeypatch.setattr(waiting, "_waiting", threading.BoundedSemaphore(1))
    answers = []
    waits = threading.Thread(target=lambda: answers.append(scene.user.get(pending, wait=20).data["status"]))
    waits.start()
    time.sleep(0.5)
    began = time.monotonic()
    assert scene.user.get(pending, wait=20).data["status"] == "pending"
    assert time.monotonic() - began < 5
    scene.answer(scene.service.received[0].token)
    waits.join(10)
    assert answers == ["completed"]
    assert waiting._waiting.acquire(blocking=False)
