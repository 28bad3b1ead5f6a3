"""Whoever dies on the way of an event: no end of a run is passed over, and none is told under two ids."""

import json
from collections import Counter

import pytest

from chalicelib.analyses.run import listeners
from chalicelib.events import known, subscriptions
from chalicelib.memory import Remembered
from tests.events.receiver import Receiver
from tests.faults.invariants import check
from tests.faults.operations import delivering
from tests.faults.test_crash_points import READS, die
from tests.support.service import StubService


@pytest.fixture(autouse=True)
def _remembering(monkeypatch):
    """What is remembered for seconds stays for the whole test: an operation always takes the same steps then."""
    for module, names in ((listeners, ["_known"]), (known, ["_subscriptions", "_authors"])):
        for name in names:
            monkeypatch.setattr(module, name, Remembered(3600))


@pytest.fixture
def receiver():
    with StubService() as running:
        yield Receiver(running)


def accepting(world):
    analysis_id = world.start()
    world.pump()
    return lambda world: world.post(analysis_id)


def telling(world):
    accepting(world)(world)
    return delivering(world, "events", "run", world.started[-1])


def sending(world):
    telling(world)(world)
    (message,) = [one for one in world.receive("events") if "subscription" in json.loads(one["body"])]
    return lambda world: world.deliver("events", message)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("prepare", [accepting, telling, sending])
def test_whatever_step_a_process_dies_at_every_end_is_told(world, receiver, prepare, monkeypatch):
    receiver.subscribe(world.scene.user, ["analysis.completed"])
    monkeypatch.setattr(subscriptions, "_forget", lambda: None)
    prepare(world)(world)  # a process that has been at work: warm
    _come_to_rest(world)
    act = prepare(world)
    with world.wire.watching() as steps:
        act(world)
    for point in [point for point, step in enumerate(steps) if step not in READS]:
        for before in (True, False):
            die(world, point, prepare(world), before=before)
            if prepare is accepting:
                world.post(world.started[-1])  # the service posts again, if it was not answered
    _come_to_rest(world)
    check(world)
    told = Counter(receiver.ids)
    assert set(told) == {f"evt_analysis_completed_{number}" for number in world.started}
    assert max(told.values()) <= 2


def _come_to_rest(world):
    for _ in range(3):
        world.settle()
        world.advance(seconds=61)
        world.sweep()
    world.settle()
