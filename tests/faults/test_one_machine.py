"""The long form of tests/infra/kept: many kills, and a process that lives for long."""

import time

import psutil
import pytest

from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.killed_stack import kill_everything_under_load
from tests.infra.kept.kills import kill_under_load
from tests.infra.kept.ledger import Ledger, Load, create

ROUNDS = 25

pytestmark = [pytest.mark.timeout(2400), pytest.mark.xdist_group("one-machine")]


def test_what_was_answered_under_load_is_there_after_each_kill_9(tmp_path):
    assert kill_under_load(tmp_path / "data", ROUNDS) > 0


def test_every_run_comes_to_its_one_end_though_all_processes_are_killed_again_and_again(tmp_path):
    kill_everything_under_load(tmp_path, rounds=ROUNDS, runs=8)


def test_memory_stays_flat(tmp_path):
    with KeptAws(tmp_path / "data") as aws:
        create(aws)
        process, ledger = psutil.Process(aws.process.pid), Ledger()
        sizes = []
        for _ in range(2):
            begun = ledger.answers
            with Load(aws, ledger):
                while ledger.answers - begun < 3000:
                    time.sleep(0.1)
            sizes.append(process.memory_info().rss)
        assert sizes[1] - sizes[0] < 20e6
