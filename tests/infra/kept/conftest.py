"""What the tests of an installation share."""

import tempfile
from pathlib import Path

import pytest


@pytest.fixture
def plain_folder():
    """A folder whose path has nothing that a shell or the loader would take for more than one word."""
    with tempfile.TemporaryDirectory(prefix="siderostat-", dir="/tmp") as folder:
        yield Path(folder)
