"""When a run moved: the index in which whoever watches finds what changed, without looking at all that did not."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from chalicelib.analyses.items.run import Run

PARTITIONS = 4
"""Of each stretch of time: some hundred changes a second fit one of them."""

_STRETCH = timedelta(minutes=10)
_STRETCH_LETTERS = len("2026-11-22T10:3")


def place(analysis_id: int, moment: datetime) -> str:
    """Return the partition of the index that a run lies in which moved at a moment."""
    return _partition(moment, analysis_id % PARTITIONS)


def noted(analysis_id: int, moment: datetime) -> list[Any]:
    """Return the actions that say that a run moved."""
    return [Run.moved.set(moment), Run.moved_in.set(place(analysis_id, moment))]


def partitions(since: datetime, until: datetime) -> Iterator[str]:
    """Yield the partitions of what moved between two moments, oldest first."""
    moment = since
    while moment < until + _STRETCH and _stretch(moment) <= _stretch(until):
        yield from (_partition(moment, number) for number in range(PARTITIONS))
        moment += _STRETCH


def _partition(moment: datetime, number: int) -> str:
    return f"{_stretch(moment)}#{number}"


def _stretch(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")[:_STRETCH_LETTERS]
