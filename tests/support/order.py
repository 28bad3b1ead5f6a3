"""A plugin of pytest: what waits begins first, so that it waits while other workers are busy, and not alone at the end.

A worker begins with a stretch of all tests and takes over what others have left of theirs: who begins with what waits
for processes and clocks leaves its processor to the others until all is done. No test may depend on the order.
"""

import pytest

WAITING = (
    "tests/infra/kept/",
    "tests/infra/check_service/",
    "tests/infra/test_start_of_stack.py",
    "tests/infra/test_serve.py",
    "tests/infra/test_demo.py",
    "tests/infra/test_beside.py",
    "tests/infra/test_processes.py",
    "tests/examples/",
    "tests/kit/",
    "tests/client/",
)
"""Where most of the time is waited for, the longest first."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Put them first; what stands together stays together."""
    items.sort(key=_place)


def _place(item: pytest.Item) -> int:
    return next((place for place, start in enumerate(WAITING) if item.nodeid.startswith(start)), len(WAITING))
