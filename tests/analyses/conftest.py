import pytest

from tests.support.scene import make_scene
from tests.support.service import StubService
from tests.support.worker import Clock


@pytest.fixture
def service():
    with StubService() as running:
        yield running


@pytest.fixture
def scene(admin, service):
    return make_scene(admin, service)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)
