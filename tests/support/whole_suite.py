"""The hooks of pytest that end a run of the whole suite: it fails if a policy allows what no test used."""

import json
from pathlib import Path

import pytest

from tests.support import permissions, policies

RECORD = Path(__file__).parents[2] / "build" / "permissions.json"
"""What all functions did in the last run of the whole suite that passed."""

_UNUSED: pytest.StashKey[list[policies.Unused]] = pytest.StashKey()


def pytest_addoption(parser):
    """Only who runs every test can know what is unused."""
    parser.addoption("--whole-suite", action="store_true", help="fail if a policy in .chalice allows what no test used")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Collect what the functions did in a worker."""
    permissions.add(getattr(node, "workeroutput", {}).get("permissions", {}))


def pytest_sessionfinish(session, exitstatus):
    """Judge the policies if all else went well; a worker only tells the controller what it saw."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["permissions"] = permissions.as_json()
    elif session.config.getoption("whole_suite", default=False) and exitstatus == pytest.ExitCode.OK:
        RECORD.parent.mkdir(exist_ok=True)
        RECORD.write_text(json.dumps(permissions.as_json(), indent=1))
        session.config.stash[_UNUSED] = found = policies.unused(permissions.used)
        if found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """Name what is allowed and was never used."""
    found = config.stash.get(_UNUSED, [])
    if not found:
        return
    terminalreporter.section("policies that allow what no test used", red=True, bold=True)
    for function, grant in found:
        condition = "" if grant.condition == policies.ANYTHING else f' if "{grant.condition}"'
        terminalreporter.line(f"policy-{function}.json: {grant.action} on {grant.resource}{condition}")
    terminalreporter.line("Take it out of the policy if no code can use it; else write the test in which it is used.")
