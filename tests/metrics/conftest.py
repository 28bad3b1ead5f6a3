import pytest

from tests.support.log_lines import logged
from tests.support.scene import make_scene
from tests.support.service import StubService


@pytest.fixture
def scene(admin):
    with StubService() as service:
        yield make_scene(admin, service)


@pytest.fixture
def lines(scene):
    """What is logged after the scene was made."""
    with logged() as found:
        yield found
