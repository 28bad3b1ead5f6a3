"""What takes and forwards for a portal dies before and after each step; then the system comes to rest by itself."""

import contextlib
import itertools

import pytest

from chalicelib import clock
from chalicelib.relay.handlers import on_relay_message
from tests.faults.test_crash_points import READS
from tests.faults.wire import Died
from tests.relay.relayed import Relayed
from tests.support.permissions import acting_as
from tests.support.portal import Portal


@pytest.fixture
def portal(world):
    with Portal(now=lambda: clock.now()) as running:  # noqa: PLW0108 - the world's time, which comes later
        yield running


@pytest.fixture
def relayed(world, portal):
    return Relayed(world.scene, portal, None)


def _points(world, act):
    with world.wire.watching() as steps:
        act()
    return list(itertools.product([point for point, step in enumerate(steps) if step not in READS], (True, False)))


def _die(world, point, act, *, before):
    with world.wire.dying(point, before=before), contextlib.suppress(Died):
        act()


def _asked(world, relayed, row):
    """Have the portal ask, the service take it and answer."""
    run_id = relayed.ask(row)
    world.pump()
    world.post(run_id, message=row.obj_id)
    return run_id


def _rest(world, row):
    world.settle()
    assert (row.status, row.status_message, row.taken) == ("completed", row.obj_id, 1)


@pytest.mark.timeout(300)
def test_a_run_is_recorded_once_whatever_step_its_taking_dies_at(world, relayed, portal):
    _asked(world, relayed, portal.record("warm"))
    document = portal.document(portal.record("watched"))
    points = _points(world, lambda: relayed.post(document))
    assert len(points) >= 8  # key, inputs, record, message: before and after
    for number, (point, before) in enumerate(points):
        row = portal.record(f"crash{number}")
        _die(world, point, lambda row=row: relayed.post(portal.document(row)), before=before)
        _asked(world, relayed, row)  # it asks again, having had no answer
        runs = [run for run in world.runs() if run.obj_id == row.obj_id]
        assert len(runs) == 1
        _rest(world, row)


@pytest.mark.timeout(300)
def test_an_end_is_forwarded_once_whatever_step_its_forwarding_dies_at(world, relayed, portal):
    def prepared(name):
        row = portal.record(name)
        run_id = _asked(world, relayed, row)
        (message,) = world.receive("collect")
        world.deliver("collect", message)
        world.take("relay")
        world.advance(seconds=10)
        return row, lambda: _forward(run_id)

    row, act = prepared("warm")
    act()
    row, act = prepared("watched")
    points = _points(world, act)
    assert row.taken == 1
    assert len(points) >= 8  # lease, callback, portal, record, what moved
    for number, (point, before) in enumerate(points):
        row, act = prepared(f"crash{number}")
        _die(world, point, act, before=before)
        _rest(world, row)
        assert set(row.posts) <= {200, 403}


def _forward(run_id):
    with acting_as("relay"):
        on_relay_message({"run": run_id})
