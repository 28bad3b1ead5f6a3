"""A plugin of pytest: what waits for processes and clocks begins first, so that nothing waits alone at the end.

A worker begins with a stretch of all tests and takes over what others have left of theirs. Two of them begin with what
waits, and leave the processors to the others meanwhile. No test may depend on the order.
"""

import pytest

FIRST = (
    "tests/infra/kept/",
    "tests/infra/test_serve.py",
    "tests/infra/test_demo.py",
    "tests/infra/test_beside.py",
    "tests/client/",
)
LATER = ("tests/examples/", "tests/infra/check_service/", "tests/kit/")
"""Where most of the time is waited for, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put what waits where the first worker begins, and where the one in the middle does, of a run that is shared."""
    if not hasattr(config, "workerinput"):
        return
    first, later = _of(items, FIRST), _of(items, LATER)
    others = [item for item in items if not item.nodeid.startswith((*FIRST, *LATER))]
    workers = config.workerinput["workercount"]
    before = max(0, len(items) * (workers // 2) // workers - len(first))
    items[:] = [*first, *others[:before], *later, *others[before:]]


def _of(items: list[pytest.Item], places: tuple[str, ...]) -> list[pytest.Item]:
    return [item for place in places for item in items if item.nodeid.startswith(place)]
