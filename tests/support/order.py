"""A plugin of pytest: what waits for processes and clocks begins first, so that nothing waits alone at the end.

A worker begins with a stretch of all tests and takes over what others have left of theirs. Two of four begin with what
waits, and leave the processors to the other two meanwhile. No test may depend on the order.
"""

import pytest

FIRST = (
    "tests/infra/kept/",
    "tests/infra/test_serve.py",
    "tests/infra/test_demo.py",
    "tests/infra/test_beside.py",
    "tests/client/",
)
HALFWAY = ("tests/examples/", "tests/infra/check_service/", "tests/kit/")
"""Where most of the time is waited for, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Put what waits at the beginning and halfway, of a run that is shared."""
    if not hasattr(config, "workerinput"):
        return
    first, halfway = _of(items, FIRST), _of(items, HALFWAY)
    others = [item for item in items if not item.nodeid.startswith((*FIRST, *HALFWAY))]
    before = max(0, len(items) // 2 - len(first))
    items[:] = [*first, *others[:before], *halfway, *others[before:]]


def _of(items: list[pytest.Item], places: tuple[str, ...]) -> list[pytest.Item]:
    return [item for place in places for item in items if item.nodeid.startswith(place)]
