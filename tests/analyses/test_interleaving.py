"""Deleting runs and services while a dispatch, a webhook or a collection is under way leaves nothing behind."""

import contextvars
from collections.abc import Callable

import pytest

from chalicelib.analyses.dispatch import dispatch
from chalicelib.analyses.items.list_entry import ListEntry
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.results import acceptance, collect
from chalicelib.analyses.start import start
from chalicelib.analyses.states import State
from chalicelib.analyses.upkeep import cleanup
from tests.support.scene import register, stored
from tests.support.worker import drain


def delete_run(scene, analysis_id):
    assert scene.user.delete(f"/api/obj/analysis/{analysis_id}").status == 200
    drain()


def delete_service(scene, _analysis_id):
    assert scene.admin.delete(f"/api/analysis_service/{scene.service_id}").status == 200
    cleanup.delete_runs_of_service(scene.service_id)
    drain()


def once(monkeypatch, module, name, act: Callable[[], object], *, before: bool):
    """Do something right before or after a step, the first time it is taken."""
    real = getattr(module, name)

    def step(*arguments, **keywords):
        monkeypatch.setattr(module, name, real)
        if before:
            contextvars.Context().run(act)  # as another process: under no function's policy
        result = real(*arguments, **keywords)
        if not before:
            contextvars.Context().run(act)
        return result

    monkeypatch.setattr(module, name, step)


def check_nothing_is_left(scene, analysis_id, clock):
    cleanup.delete_runs_of_service(scene.service_id)
    for _ in range(4):
        drain()
        clock.sweep_after(minutes=5)
    run = Run.find(analysis_id)
    assert run is None or (run.state is State.DELETED and run.due is None)
    assert stored("") == []
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}").error[0] == 403
    assert scene.admin.get("/api/obj/analysis").data == []
    assert not list(ListEntry.by_group.query(scene.group_id))
    count = RunCount.get(scene.obj_id, RunCount.key(scene.user.user_id))
    assert (count.open_runs, count.completed_runs) == (0, 0)


DISPATCHING = [
    (dispatch, "claim", True),
    (dispatch, "claim", False),
    (dispatch.objects, "put_json", True),
    (dispatch, "post_json", True),
    (dispatch, "post_json", False),
    (dispatch, "record", False),
]


@pytest.mark.parametrize("delete", [delete_run, delete_service])
@pytest.mark.parametrize("place", DISPATCHING)
def test_while_it_is_dispatched(scene, clock, monkeypatch, place, delete):
    module, step, before = place
    analysis_id = scene.start()
    once(monkeypatch, module, step, lambda: delete(scene, analysis_id), before=before)
    drain()
    check_nothing_is_left(scene, analysis_id, clock)


@pytest.mark.parametrize("delete", [delete_run, delete_service])
@pytest.mark.parametrize("place", [("store", True), ("store", False), ("commit", False)])
def test_while_its_result_arrives(scene, clock, monkeypatch, place, delete):
    step, before = place
    analysis_id = scene.start()
    drain()
    once(monkeypatch, acceptance, step, lambda: delete(scene, analysis_id), before=before)
    scene.answer(scene.service.received[0].token)
    drain()
    check_nothing_is_left(scene, analysis_id, clock)


@pytest.mark.parametrize("delete", [delete_run, delete_service])
@pytest.mark.parametrize("step", ["_make", "apply_effects"])
def test_while_it_is_collected(scene, clock, monkeypatch, step, delete):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    once(monkeypatch, collect, step, lambda: delete(scene, analysis_id), before=False)
    drain()
    check_nothing_is_left(scene, analysis_id, clock)


def test_a_run_that_is_recorded_after_its_service_was_deleted_is_deleted_too(scene, clock, monkeypatch):
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url)
    once(monkeypatch, start, "store", lambda: delete_service(scene, None), before=True)
    analysis_id = scene.start()
    drain()
    assert scene.service.received == []
    check_nothing_is_left(scene, analysis_id, clock)


@pytest.mark.parametrize("state", ["queued", "waiting", "pending", "completed", "failure", "cancelled"])
def test_in_every_state(scene, clock, state):
    if state == "waiting":
        assert scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", {"max_in_flight": 1}).status == 200
        scene.user.delete(f"/api/obj/analysis/{scene.start()}")
        scene.start()
    analysis_id = scene.start()
    if state not in {"queued", "cancelled"}:
        drain()
    if state in {"completed", "failure"}:
        scene.answer(scene.service.received[-1].token, {"status": "success" if state == "completed" else "failure"})
    if state == "cancelled":
        assert scene.user.post(f"/api/obj/analysis/{analysis_id}/cancel").status == 200
    assert scene.status(analysis_id) == ("queued" if state == "waiting" else state)
    delete_service(scene, analysis_id)
    check_nothing_is_left(scene, analysis_id, clock)
