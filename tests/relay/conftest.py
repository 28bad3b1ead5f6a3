import pytest

from tests.relay.relayed import Relayed
from tests.support.portal import Portal
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
    return stack.recall("scene of a relay", lambda: make_scene(admin, service))


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


@pytest.fixture
def portal(clock):
    from chalicelib import clock as ours

    with Portal(now=ours.now) as running:
        yield running


@pytest.fixture
def relayed(scene, portal, clock):
    """A relay for the scene's service, and the portal behind it."""
    return Relayed(scene, portal, clock)
