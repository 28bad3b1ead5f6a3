from pathlib import Path

import pytest

from tests.faults.world import TIMEOUT, World
from tests.support import stores
from tests.support.scene import make_scene
from tests.support.service import StubService

HERE = Path(__file__).parent


@pytest.fixture
def service():
    with StubService() as running:
        yield running


@pytest.fixture
def world(admin, service, monkeypatch):
    """A whole system at rest, with time and queues in the hands of the test."""
    return World(make_scene(admin, service, timeout=TIMEOUT), monkeypatch)


def pytest_collection_modifyitems(config, items):
    """In a folder, run what happens to the world in this process: other tests choose what they store in."""
    if stores.in_a_folder():
        others = [item for item in items if item.path.parent == HERE and "world" not in item.fixturenames]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item not in others]


def pytest_terminal_summary(terminalreporter):
    """Say aloud that concurrency has not been proved."""
    reasons = {str(report.longrepr) for report in terminalreporter.stats.get("skipped", [])}
    if any("DynamoDB Local" in reason for reason in reasons):
        terminalreporter.section("DynamoDB Local did not run", red=True, bold=True)
        terminalreporter.line("NOTHING WAS PROVED ABOUT CONCURRENCY: install java and npm, and see the reasons below.")
        for reason in sorted(reasons):
            terminalreporter.line(reason)
