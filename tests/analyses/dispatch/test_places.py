import pytest

from chalicelib.analyses.items.in_flight import InFlight
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import max_in_flight
from chalicelib.analyses.upkeep.cleanup import delete_runs_of_service
from tests.support.parallel import at_once
from tests.support.permissions import acting_as
from tests.support.scene import make_scene, stored
from tests.support.service import Reaction
from tests.support.worker import drain, on_dispatch_message, take


def limit(scene, most):
    assert scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", {"max_in_flight": most}).status == 200


def held(scene):
    return InFlight.get(scene.service_id, "places").in_flight


@pytest.fixture
def limited(scene):
    limit(scene, 2)
    return scene


def statuses(scene, ids):
    return [scene.status(analysis_id) for analysis_id in ids]


def answer_next(scene, number):
    assert scene.answer(scene.service.received[number].token).status == 200


def test_a_service_has_no_more_at_a_time_than_its_limit(limited):
    ids = [limited.start() for _ in range(4)]
    drain()
    assert statuses(limited, ids) == ["pending", "pending", "queued", "queued"]
    assert held(limited) == set(ids[:2])
    assert "2 analyses at a time" in limited.read(ids[2])["status_message"]


def test_who_waits_is_sent_as_soon_as_there_is_a_place_and_the_oldest_first(limited):
    ids = [limited.start() for _ in range(4)]
    drain()
    answer_next(limited, 0)
    drain()
    assert statuses(limited, ids) == ["completed", "pending", "pending", "queued"]
    for number in (1, 2, 3):
        answer_next(limited, number)
        drain()
    assert statuses(limited, ids) == ["completed"] * 4
    assert held(limited) == set()


def test_the_limit_holds_exactly_under_parallel_dispatch(limited):
    for _ in range(8):
        limited.start()
    at_once(on_dispatch_message, take("dispatch"))
    assert len(limited.service.received) == 2
    assert len(held(limited)) == 2


@pytest.mark.parametrize("end", ["cancel", "delete", "refuse", "time out"])
def test_every_end_frees_the_place(limited, clock, end):
    if end == "refuse":
        limited.service.reaction = Reaction(422, b"no")
    analysis_id = limited.start()
    drain()
    if end == "cancel":
        assert limited.user.post(f"/api/obj/analysis/{analysis_id}/cancel").status == 200
    if end == "delete":
        assert limited.user.delete(f"/api/obj/analysis/{analysis_id}").status == 200
    if end == "time out":
        for _ in range(4):
            clock.sweep_after(minutes=5)
    assert held(limited) == set()


def test_who_waits_for_the_next_try_has_no_place(limited):
    limited.service.react = lambda _: Reaction(503) if len(limited.service.received) == 1 else Reaction()
    ids = [limited.start() for _ in range(3)]
    drain()
    assert held(limited) == set(ids[1:])


def test_waiting_for_a_place_takes_no_try_and_lasts_up_to_a_day(limited, clock):
    _, _, third = (limited.start() for _ in range(3))
    drain()
    before = Run.find(third)
    assert before.tries == 0
    assert (before.send_before - before.created_at).total_seconds() >= 24 * 3600
    assert limited.user.get(f"/api/obj/analysis/{third}/attempts").data == []
    for _ in range(30):
        clock.sweep_after(hours=1)
        drain()
    record = limited.read(third)
    assert record["status"] in {"pending", "timed_out"}  # the others timed out and made room


def test_a_run_that_ends_while_it_is_given_a_place_leaves_none(limited, monkeypatch):
    analysis_id = limited.start()
    real = max_in_flight.take

    def cancelled_meanwhile(run, most):
        stale = Run.find(run.id)
        taken = real(run, most)
        monkeypatch.setattr("chalicelib.analyses.upkeep.cancel.owned", lambda *_: stale)
        assert limited.user.post(f"/api/obj/analysis/{analysis_id}/cancel").status == 200
        return taken

    monkeypatch.setattr(max_in_flight, "take", cancelled_meanwhile)
    drain()
    assert limited.status(analysis_id) == "cancelled"
    assert held(limited) == set()


def test_the_sweep_frees_what_a_crash_left_and_sends_who_waits(admin, service, clock):
    scene = make_scene(admin, service)
    limit(scene, 1)
    InFlight(scene.service_id).update(actions=[InFlight.in_flight.add({12345})])  # a run that is gone
    analysis_id = scene.start()
    drain()
    assert scene.status(analysis_id) == "queued"
    clock.sweep_after(seconds=61)
    drain()
    assert scene.status(analysis_id) == "pending"
    assert held(scene) == {analysis_id}


def test_waiters_are_found_by_the_sweep_when_the_message_to_wake_them_is_lost(limited, clock):
    ids = [limited.start() for _ in range(3)]
    drain()
    answer_next(limited, 0)
    take("dispatch")
    clock.sweep_after(seconds=61)
    drain()
    assert statuses(limited, ids)[2] == "pending"


def test_without_a_limit_nobody_waits_any_more(limited, clock):
    ids = [limited.start() for _ in range(4)]
    drain()
    limit(limited, None)
    clock.sweep_after(seconds=61)
    drain()
    assert statuses(limited, ids) == ["pending"] * 4
    for number in range(4):
        answer_next(limited, number)
    assert held(limited) == set()


def test_deleting_a_service_ends_what_it_has_and_what_waits_for_it(limited, clock):
    ids = [limited.start() for _ in range(4)]
    drain()
    assert limited.admin.delete(f"/api/analysis_service/{limited.service_id}").status == 200
    take("cleanup")  # it comes later
    with acting_as("cleanup"):
        delete_runs_of_service(limited.service_id)
    drain()
    for _ in range(3):
        clock.sweep_after(minutes=5)
        drain()
    assert held(limited) == set()
    assert [Run.find(analysis_id).state for analysis_id in ids] == ["deleted"] * 4
    assert len(limited.service.received) == 2
    assert stored("") == []
