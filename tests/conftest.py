"""Every test runs against an embedded AWS of its worker, emptied before the test."""

import gc
import os
import sys
import uuid
from pathlib import Path

import pytest

ADMIN_TOKEN = str(uuid.uuid4())
CACHES = Path(__file__).parents[1] / "build" / "caches"
"""Of libraries that would keep them in the home folder, which may be another machine's or nobody's."""

os.environ.update(
    {
        "AWS_ACCESS_KEY_ID": "testing",
        "AWS_SECRET_ACCESS_KEY": "testing",
        "AWS_DEFAULT_REGION": "us-east-1",
        "SIDEROSTAT_PREFIX": "siderostat-test",
        "SIDEROSTAT_BUCKET": "siderostat-test-123456789012",
        "SIDEROSTAT_ADMIN_TOKEN": ADMIN_TOKEN,
        "SIDEROSTAT_ALLOWED_HOSTS": '["127.0.0.1", "localhost"]',
        "SIDEROSTAT_PRODUCTS_FUNCTION": "siderostat-test-products",
        "SIDEROSTAT_PERIODOGRAMS_FUNCTION": "siderostat-test-periodograms",
        "SIDEROSTAT_LOG_LEVEL": "WARNING",
        "MPLCONFIGDIR": str(CACHES / "matplotlib"),
        "XDG_CACHE_HOME": str(CACHES),
    }
)
os.environ.pop("AWS_PROFILE", None)

sys.modules["corner.arviz_corner"] = None  # type: ignore[assignment]
"""What corner does without arviz, as in the functions' packages, is what is tested; it takes a second to import."""

from tests.support import boto_clients, permissions  # noqa: E402 - settings are read on import
from tests.support.api import Api  # noqa: E402
from tests.support.stack import Stack  # noqa: E402
from tests.support.whole_suite import (  # noqa: E402, F401 - hooks of pytest
    pytest_addoption,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)

gc.disable()
"""Until all tests are collected: what is imported stays, and there is nothing to find."""

pytest_plugins = ["tests.support.fixtures", "tests.support.leaks", "tests.support.order"]

permissions.watch()
boto_clients.remember()


def pytest_sessionstart():
    """Leave what is imported out of the search for garbage with which pytest ends, in the controller as well."""
    gc.freeze()


def pytest_collection_finish():
    """Collect garbage seldom, and not in what was imported: there is memory enough, and the tests are many."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


def pytest_xdist_auto_num_workers(config):
    """More workers than cores, for tests wait for processes and clocks: all of them together a third of their time."""
    return (os.cpu_count() or 1) + (2 if config.getoption("whole_suite") else 1)


@pytest.fixture(autouse=True)
def _permitted():
    """Fail a test in which, or before which, a function did what its policy in .chalice does not allow."""
    yield
    denied = sorted(set(permissions.denied))
    permissions.denied.clear()
    assert denied == []


@pytest.fixture(scope="session")
def stack():
    """The embedded AWS of this worker, with all resources."""
    with Stack() as running:
        yield running


@pytest.fixture(autouse=True)
def _empty(request):
    """Empty the tables, the bucket and the queues, and forget what the process remembers."""
    if "stack" in request.fixturenames or "api" in request.fixturenames or "admin" in request.fixturenames:
        request.getfixturevalue("stack").empty()


@pytest.fixture
def admin(stack) -> Api:
    """The first administrator's client, who has been here before."""
    return stack.recall("administrator", _administrator)


def _administrator() -> Api:
    api = Api(ADMIN_TOKEN)
    assert api.get("/api/internal/profile").status == 200
    return api


@pytest.fixture
def anonymous(stack) -> Api:
    """A client without a token."""
    return Api(None)
