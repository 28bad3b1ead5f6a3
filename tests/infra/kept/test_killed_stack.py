import pytest

from tests.infra.kept.killed_stack import kill_everything_under_load


@pytest.mark.timeout(600)
def test_every_run_comes_to_its_one_end_though_all_processes_are_killed(tmp_path):
    kill_everything_under_load(tmp_path, rounds=3, runs=8)
