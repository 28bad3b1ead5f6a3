"""Operations die before and after each of their writes, sends and posts; then the system comes to rest by itself."""

import contextlib
import itertools
import uuid
from functools import partial

import pytest

from tests.faults.invariants import check
from tests.faults.operations import OPERATIONS, REQUESTS
from tests.faults.wire import Died
from tests.faults.world import World

READS = {
    "BatchGetItem",
    "GetItem",
    "GetObject",
    "GetSecretValue",
    "HeadObject",
    "ListObjectsV2",
    "Query",
    "TransactGetItems",
}
LOCK_SECONDS = 36
"""After this time a request that died may be taken up by another with its key."""


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_step_a_process_dies_at_nothing_is_lost_and_nothing_hangs(world, name):
    operation = OPERATIONS[name]
    operation.prepare(world)(world)  # a process that has been at work: warm
    world.settle()
    action = operation.prepare(world)
    for point, before in crash_points(world, operation, action):
        action = operation.prepare(world)
        die(world, point, action, before=before)
        if action is World.sweep:
            world.settle()  # the next sweep is to meet one run alone
    world.settle()
    check(world)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", REQUESTS)
def test_whatever_step_a_request_dies_at_it_is_done_once_when_it_comes_again_with_its_key(world, name):
    operation = REQUESTS[name]
    request(operation, world)(world)
    for point, before in crash_points(world, operation, request(operation, world)):
        act, there = request(operation, world), world.made()
        die(world, point, act, before=before)
        world.advance(seconds=LOCK_SECONDS)
        answered = [act(world) for _ in range(2)]
        assert len(set(answered)) == 1
        assert set(answered) == world.made() - there
    world.settle()
    check(world)


def request(operation, world):
    """Bring about the situation and return the request, with a key of its own."""
    return partial(operation.prepare(world), key=str(uuid.uuid4()))


def crash_points(world, operation, act):
    """Take the operation's steps undisturbed, and return each at which it may die, before and after it."""
    with world.wire.watching() as steps:
        act(world)
    assert operation.steps <= set(steps)
    points = [point for point, step in enumerate(steps) if step not in READS]
    return itertools.product(points, (True, False))


def die(world, point, act, *, before):
    with world.wire.dying(point, before=before) as met, contextlib.suppress(Died):
        act(world)
    assert len(met) == point + 1, "the process did not die where it should"
