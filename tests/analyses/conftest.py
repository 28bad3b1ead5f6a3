import pytest

from tests.support.scene import make_scene


@pytest.fixture
def scene(stack, admin, service):
    return stack.recall("scene", lambda: make_scene(admin, service))
