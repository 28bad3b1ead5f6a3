import pytest

from tests.support.access_world import TARGETS, make_world


@pytest.fixture
def inhabited(stack, admin, service):
    """People and groups, and the numbers of one of everything for each target."""

    def make():
        world = make_world(admin, service)
        return world, {target: world.ids(target) for target in TARGETS}

    return stack.recall("inhabited world", make)
