"""The long form of tests/infra/kept: many kills, and a process that lives for long."""

import pytest

from benchmarks.long_life import live, served
from tests.infra.kept.killed_stack import kill_everything_under_load
from tests.infra.kept.kills import kill_under_load

ROUNDS = 25

pytestmark = [pytest.mark.timeout(2400), pytest.mark.xdist_group("one-machine")]


def test_what_was_answered_under_load_is_there_after_each_kill_9(tmp_path):
    assert kill_under_load(tmp_path / "data", ROUNDS) > 0


def test_every_run_comes_to_its_one_end_though_all_processes_are_killed_again_and_again(tmp_path):
    kill_everything_under_load(tmp_path, rounds=ROUNDS, runs=8)


def test_memory_does_not_grow_with_the_runs_that_there_were(tmp_path):
    """benchmarks/long_life.py says what 50 000 take; a SQLite cache that fills itself is part of it."""
    with served(tmp_path / "data") as (process, calls):
        before = live(process, calls, 600)
        assert live(process, calls, 3000) - before < 25
