"""A hundred thousand open runs: a sweep costs the same."""

from datetime import timedelta

import pytest
from moto.dynamodb.models import dynamodb_backends

from chalicelib import clock
from chalicelib.analyses.items.table import SHARDS
from chalicelib.analyses.upkeep.sweep import sweep
from chalicelib.settings import settings
from infra.local.aws.account import ACCOUNT_ID, REGION
from tests.support import stores
from tests.support.aws_calls import recorded_aws_calls

OPEN_RUNS = 100_000
TOGETHER = 1000
HANDLED = 5
LATER = timedelta(minutes=30)


@pytest.fixture
def crowded(world):
    """Copies of a run that waits to be sent, put behind the API's back: through it they would take an hour."""
    run_id = world.start()
    world.take("dispatch")
    table = dynamodb_backends[ACCOUNT_ID][REGION].tables[settings().table("analyses")]
    [run] = [
        item
        for partition in table.items.values()
        for item in partition.values()
        if item.to_json()["Attributes"]["sk"] == {"S": "run"}
    ]
    times = {"due": {"S": clock.iso(clock.now() + LATER)}, "send_before": {"S": clock.iso(clock.now() + 2 * LATER)}}
    facts = run.to_json()["Attributes"] | times
    for first in range(1, OPEN_RUNS + 1, TOGETHER):
        with stores.together(table):
            for number in range(first, first + TOGETHER):
                table.put_item({**facts, "analysis_id": {"N": str(number)}, "due_shard": {"N": str(number % SHARDS)}})
    assert world.scene.user.post(f"/api/obj/analysis/{run_id}/cancel").status == 200


@pytest.mark.timeout(600)
def test_a_sweep_costs_the_same_however_many_runs_are_open(world, crowded, monkeypatch):
    with recorded_aws_calls() as calls:
        assert sweep() == {}
    assert list(calls) == ["Query"] * SHARDS

    monkeypatch.setattr("chalicelib.analyses.upkeep.sweep.DUE_A_SHARD", HANDLED)
    world.advance(minutes=40)
    for _ in range(2):
        with recorded_aws_calls() as calls:
            assert sweep() == {"send": SHARDS * HANDLED}
        assert list(calls).count("Query") == SHARDS
        assert len(calls) <= SHARDS + 1 + 4 * SHARDS * HANDLED
    assert len(world.take("dispatch")) == 2 * SHARDS * HANDLED
