import pytest

from tests.events.receiver import Receiver
from tests.support.scene import make_scene
from tests.support.service import StubService
from tests.support.worker import Clock


@pytest.fixture(scope="session")
def stub():
    with StubService() as running:
        yield running


@pytest.fixture
def scene(stack, admin, stub):
    stub.forget()
    return stack.recall("scene of events", lambda: make_scene(admin, stub))


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def receiver():
    with StubService() as running:
        yield Receiver(running)
