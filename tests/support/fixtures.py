"""Fixtures that several rooms share; a plugin of pytest, which tests/conftest.py names."""

from collections.abc import Callable, Iterator

import pytest

from chalicelib.settings import settings
from tests.support.service import StubService
from tests.support.worker import Clock


@pytest.fixture(scope="session")
def stub() -> Iterator[StubService]:
    """An analysis service that stays; take `service` for one that remembers nothing of other tests."""
    with StubService() as running:
        yield running


@pytest.fixture
def service(stub: StubService) -> StubService:
    """An analysis service."""
    stub.forget()
    return stub


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The time, which a test may set."""
    return Clock(monkeypatch)


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Change settings for one test."""

    def change(**fields: object) -> None:
        for name, value in fields.items():
            monkeypatch.setenv(f"SIDEROSTAT_{name.upper()}", str(value))
        settings.cache_clear()

    yield change
    monkeypatch.undo()
    settings.cache_clear()
