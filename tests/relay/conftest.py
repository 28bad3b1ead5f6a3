import pytest

from tests.relay.relayed import Relayed
from tests.support.portal import Portal
from tests.support.scene import make_scene


@pytest.fixture
def scene(stack, admin, service):
    return stack.recall("scene of a relay", lambda: make_scene(admin, service))


@pytest.fixture
def portal(clock):
    from chalicelib import clock as ours

    with Portal(now=ours.now) as running:
        yield running


@pytest.fixture
def relayed(scene, portal, clock):
    """A relay for the scene's service, and the portal behind it."""
    return Relayed(scene, portal, clock)
