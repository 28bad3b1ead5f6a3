import json

import pytest

from tests.support.completed import completed
from tests.support.scene import make_scene


@pytest.fixture
def scene(stack, admin, service):
    return stack.recall("scene", lambda: make_scene(admin, service))


@pytest.fixture
def ended(stack, scene):
    """Let a test begin, before anything else, with an analysis that has ended: what `completed` gives, made once."""

    def begin(analysis=None, **manner):
        name = f"ended {json.dumps([analysis, manner], sort_keys=True)}"
        analysis_id = stack.recall(name, lambda: completed(stack.recall("scene", lambda: scene), analysis, **manner))
        scene.service.forget()
        return analysis_id

    return begin
