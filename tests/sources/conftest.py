"""The usual beginning of a test: people and an instrument for each module, a new source for each test."""

import os
from dataclasses import replace

import pytest

from tests.support.api import Api
from tests.support.sky import Sky, make_sky, make_source


@pytest.fixture(autouse=True)
def _empty():
    """Leave the tables as they are: here they are emptied once for each module, and tests make their own sources."""


@pytest.fixture(scope="module")
def _world(stack) -> Sky:
    made = stack.recall("sky", lambda: make_sky(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"])))
    return replace(made, _people={})  # those of another module are not in these tables


@pytest.fixture
def sky(_world) -> Sky:
    """One group, one user in it, one instrument, one new source."""
    return _world.with_source(make_source(_world.user, group_ids=[_world.group_id]))
