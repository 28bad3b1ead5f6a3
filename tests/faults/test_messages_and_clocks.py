"""Queues that repeat, reorder and lose messages, and clocks that jump."""

import random

import pytest

from chalicelib import clock
from chalicelib.analyses.states import State
from tests.faults.invariants import check


def answered(world, ids):
    """Post a result for each run that the service got."""
    for analysis_id in ids:
        if world.sent(analysis_id) and not world.posted.get(analysis_id):
            world.post(analysis_id)


def test_messages_that_come_twice_and_in_another_order_change_nothing(world):
    chance = random.Random(4)

    def shuffled(messages):
        twice = [*messages, *messages]
        chance.shuffle(twice)
        return twice

    ids = [world.start() for _ in range(6)]
    world.pump(shuffled)
    answered(world, ids)
    world.pump(shuffled)
    world.scene.user.delete(f"/api/obj/analysis/{ids[0]}")
    world.settle(pump=lambda: world.pump(shuffled))
    check(world)
    assert [len(world.sent(analysis_id)) for analysis_id in ids] == [1] * 6
    assert [world.history[analysis_id][-1] for analysis_id in ids] == [State.DELETED, *[State.COMPLETED] * 5]


def test_old_messages_that_come_again_at_the_end_change_nothing(world):
    ids = [world.start() for _ in range(3)]
    old = {queue: world.receive(queue) for queue in ("dispatch",)}
    world.pump(list)
    for message in old["dispatch"]:
        world.deliver("dispatch", message, keep=True)
    answered(world, ids)
    old["collect"] = world.receive("collect")
    for message in old["collect"]:
        world.deliver("collect", message, keep=True)
    world.settle()
    before = {run.id: run.modified for run in world.runs()}
    for queue, messages in old.items():
        for message in messages:
            world.deliver(queue, message, keep=True)
    check(world)
    assert {run.id: run.modified for run in world.runs()} == before


@pytest.mark.parametrize("lost", ["dispatch", "collect", "cleanup"])
def test_every_lost_message_is_made_good(world, lost):
    ids = [world.start() for _ in range(3)]
    for queue in ("dispatch", "collect", "cleanup"):
        if queue == lost:
            world.take(queue)
        world.pump()
        if queue == "dispatch" and lost != "dispatch":
            answered(world, ids)
        if queue == "collect":
            world.scene.user.delete(f"/api/obj/analysis/{ids[0]}")
    world.settle()
    check(world)


@pytest.mark.parametrize("jump", [-86400, -3600, -90, 90, 3600, 86400])
def test_a_clock_that_jumps_loses_no_result(world, jump):
    ids = [world.start() for _ in range(4)]
    world.pump()
    answered(world, ids[:2])
    world.advance(seconds=jump)
    world.sweep()
    ids.append(world.start())
    world.pump()
    answered(world, ids)
    world.advance(seconds=-jump)
    world.sweep()
    world.settle()
    check(world)
    ends = [world.history[analysis_id][-1] for analysis_id in ids]
    assert ends[:2] == [State.COMPLETED] * 2
    assert all((end is State.COMPLETED) == (one in world.accepted) for one, end in zip(ids, ends, strict=True))


def test_times_on_the_record_are_those_of_the_clock(world):
    before = clock.now()
    world.start()
    (run,) = world.runs()
    assert before <= run.created_at <= clock.now()
