import json

import pytest

from tests.support.scene import make_scene
from tests.uws.jobs import Jobs

PARAMETERS = {
    "source": ["salt2", "salt3"],
    "fix_z": ["True", "False"],
    "iterations": {"type": "number"},
    "note": {"type": "string"},
}


@pytest.fixture
def scene(stack, admin, service):
    parameters = {"name": "salt", "optional_analysis_parameters": json.dumps(PARAMETERS)}
    return stack.recall("scene of uws", lambda: make_scene(admin, service, **parameters))


@pytest.fixture
def jobs(scene):
    """What a client of UWS sees."""
    return Jobs(scene, scene.user)
