"""Short soaks of the local stack with its real processes, in memory and in a folder: `make soak` is the long one."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("soak")]

ROOT = Path(__file__).parents[2]


def soak(*arguments):
    command = [sys.executable, "-m", "benchmarks.soak", "--seconds", "420", "--timeout", "120", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=560, check=False)


def rows(text):
    return {name.strip(): value for name, value in (line.rsplit(None, 1) for line in text.splitlines() if " " in line)}


def test_every_run_is_accounted_for_when_services_misbehave():
    done = soak("--runs", "100")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (rows(done.stdout)["accepted"], rows(done.stdout)["lost"], rows(done.stdout)["double"]) == ("100", "0", "0")


def test_nothing_is_lost_or_double_when_processes_are_killed(tmp_path):
    done = soak("--runs", "60", "--kill", "3", "--data", str(tmp_path / "data"))
    assert done.returncode == 0, done.stdout + done.stderr
    assert (rows(done.stdout)["lost"], rows(done.stdout)["double"]) == ("0", "0")
    assert "killed: run_worker" in done.stdout or "killed: run_api" in done.stdout
