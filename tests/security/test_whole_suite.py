"""A run of the whole suite fails if a policy allows what no test used; run here over a suite of one test."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CONFTEST = """
from pathlib import Path
from tests.support import policies, whole_suite
from tests.support.whole_suite import pytest_addoption, pytest_sessionfinish
from tests.support.whole_suite import pytest_terminal_summary, pytest_testnodedown

policies.POLICIES = Path(__file__).parent
whole_suite.RECORD = Path(__file__).parent / "build" / "permissions.json"
"""
READS = """
from tests.support.permissions import used
from tests.support.policies import Access

def test_that_reads():
    used["cook"] = {Access("s3:GetObject", "arn:aws:s3:::siderostat-1/data/x")}
"""
DATA, RECEIPTS = "arn:aws:s3:::siderostat*/data/*", "arn:aws:s3:::siderostat*/incoming/*"


@dataclass
class Suite:
    """A test that reads below data/, and the policy of the function that does it there."""

    folder: Path

    def run(self, *options: str, grants: tuple[tuple[str, str], ...], test: str = READS) -> tuple[int, str]:
        """Return the exit status and the output of pytest."""
        statements = [{"Action": [action], "Resource": [resource]} for action, resource in grants]
        (self.folder / "policy-cook.json").write_text(json.dumps({"Statement": statements}))
        (self.folder / "conftest.py").write_text(CONFTEST)
        (self.folder / "test_cook.py").write_text(test)
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "xdist", *options, "."]
        # the plugins of the packages that are installed take longer to import than all else takes
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_XDIST_TESTRUNUID", "PYTEST_ADDOPTS"):
            environment.pop(name, None)
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=110, check=False
        )
        return done.returncode, done.stdout + done.stderr

    @property
    def has_record(self) -> bool:
        return (self.folder / "build" / "permissions.json").exists()


@pytest.fixture
def suite(tmp_path):
    return Suite(tmp_path)


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_grant_that_no_test_used_fails_the_run_and_is_named(suite, workers):
    grants = ("s3:GetObject", DATA), ("s3:GetObject", RECEIPTS), ("s3:DeleteObject", DATA)
    status, output = suite.run("--whole-suite", "-n", workers, grants=grants)
    assert status == 1
    assert "1 passed" in output
    assert [line for line in output.splitlines() if line.startswith("policy-")] == [
        f"policy-cook.json: s3:GetObject on {RECEIPTS}",
        f"policy-cook.json: s3:DeleteObject on {DATA}",
    ]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_run_that_used_all_grants_passes_and_is_recorded(suite, workers):
    status, output = suite.run("--whole-suite", "-n", workers, grants=(("s3:GetObject", DATA),))
    assert (status, suite.has_record) == (0, True), output


def test_a_run_of_some_tests_says_nothing_of_policies(suite):
    status, output = suite.run(grants=(("s3:DeleteObject", DATA),))
    assert (status, suite.has_record) == (0, False)
    assert "policy-" not in output


def test_a_run_in_which_a_test_failed_does_not_blame_the_policies(suite):
    failing = READS + "    raise ValueError\n"
    status, output = suite.run("--whole-suite", grants=(("s3:DeleteObject", DATA),), test=failing)
    assert (status, suite.has_record) == (1, False)
    assert "policy-" not in output


def test_a_condition_that_cannot_be_judged_is_an_error(tmp_path, monkeypatch):
    from tests.support import policies

    condition = {"NumericEquals": {"aws:MultiFactorAuthAge": "1"}}
    statement = {"Action": ["s3:GetObject"], "Resource": [DATA], "Condition": condition}
    (tmp_path / "policy-waiter.json").write_text(json.dumps({"Statement": [statement]}))
    monkeypatch.setattr(policies, "POLICIES", tmp_path)
    with pytest.raises(ValueError, match="MultiFactorAuthAge"):
        policies.grants_of("waiter")
