"""DynamoDB, S3 and SQS throttle, fail and lose answers; clients and services do what they do in real use."""

import pytest

from chalicelib.analyses.states import State
from tests.faults.faulty_network import FAULTS, faulty_network
from tests.faults.invariants import check

RUNS = 8


def ids(world):
    return sorted(run.id for run in world.runs() if run.state is not State.DELETED)


def live(world, rounds=6):
    """Start runs, have them sent and answered, delete some: with what fails tried once and left."""
    for _ in range(RUNS):
        world.try_start()
    for _ in range(rounds):
        world.pump()
        for analysis_id in ids(world):
            if world.sent(analysis_id) and not world.posted.get(analysis_id):
                world.post(analysis_id)
        world.advance(seconds=20)
        world.sweep()
    for analysis_id in ids(world)[::3]:
        world.scene.user.delete(f"/api/obj/analysis/{analysis_id}")


@pytest.mark.parametrize("only", ["dynamodb", "s3", "sqs", ""])
@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_faulty_aws_loses_nothing(world, only, share):
    with faulty_network(seed=2026, share=share, only=only) as faults:
        live(world)
    assert faults
    assert share < 0.5 or {fault.partition(": ")[2] for fault in faults} == set(FAULTS)
    world.settle()
    check(world)


@pytest.mark.parametrize("only", ["dynamodb", "s3", "sqs"])
def test_an_outage_delays_and_loses_nothing(world, only):
    first, *others = [world.start() for _ in range(3)]
    world.pump()
    world.post(first)
    with faulty_network(seed=1, share=1.0, only=only):
        world.try_start()
        for analysis_id in others:
            world.post(analysis_id)
        world.pump()
        world.sweep()
    world.settle()
    check(world)
