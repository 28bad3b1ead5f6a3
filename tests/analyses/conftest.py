import pytest

from tests.support.scene import make_scene
from tests.support.service import StubService
from tests.support.worker import Clock


@pytest.fixture(scope="session")
def stub():
    with StubService() as running:
        yield running


@pytest.fixture
def service(stub):
    stub.forget()
    return stub


@pytest.fixture
def scene(stack, admin, service):
    return stack.recall("scene", lambda: make_scene(admin, service))


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)
