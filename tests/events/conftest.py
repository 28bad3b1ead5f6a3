import pytest

from tests.events.receiver import Receiver
from tests.support.scene import make_scene
from tests.support.service import StubService


@pytest.fixture
def scene(stack, admin, stub):
    stub.forget()
    return stack.recall("scene of events", lambda: make_scene(admin, stub))


@pytest.fixture
def receiver():
    with StubService() as running:
        yield Receiver(running)
