"""Changes and removes points that exist, and counts the statistics again in the same transactions."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.sources.items.phot_stat import PhotStat
from chalicelib.sources.items.photometry import PHOTOMETRY, Photometry
from chalicelib.sources.phot_stats.stored import count_again
from chalicelib.sources.source.optimistic_update import again_on_conflict
from chalicelib.sources.source.partition import records_of

_ROOM = transactions.MOST_ITEMS - 1  # one is for the statistics
_COUNTED = {"flux", "fluxerr", "limiting_mag"}

Change = Mapping[str, Any] | None
"""Attributes to set, or None to remove the point."""


def rewrite_points(obj_id: str, change: Callable[[Photometry], Change]) -> None:
    """Apply a change to all points of a source; `change` returns an empty mapping for those that stay as they are."""
    again_on_conflict(lambda: _rewrite(obj_id, change))


def _rewrite(obj_id: str, change: Callable[[Photometry], Change]) -> None:
    statistics = PhotStat.find(obj_id)  # before the points: if one changes after, the version has changed
    points = {item.sk: item for item in records_of(obj_id, PHOTOMETRY) if isinstance(item, Photometry)}
    changes = {sk: wanted for sk, point in points.items() if (wanted := change(point)) is None or wanted}
    for chunk in _chunks(list(changes)):
        removed = [points.pop(sk) for sk in chunk if changes[sk] is None]
        altered = [_altered(points[sk], changes[sk]) for sk in chunk if sk in points]
        if removed or any(_COUNTED & set(changes[sk] or ()) for sk in chunk):
            count_again(statistics, points.values())
            statistics.last_phot_add_time = max((point.created_at for point in points.values()), default=None)
        _write(statistics, altered, removed)


def _altered(point: Photometry, change: Change) -> Photometry:
    for name, value in {**(change or {}), "modified": clock.now()}.items():
        setattr(point, name, value)
    return point


def _write(statistics: PhotStat, altered: Sequence[Photometry], removed: Sequence[Photometry]) -> None:
    def fill(transaction: TransactWrite) -> None:
        for point in removed:
            transaction.delete(point)
        transaction.save(statistics)
        for point in altered:
            transaction.save(point)

    transactions.write(fill)


def _chunks(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    return (keys[start : start + _ROOM] for start in range(0, len(keys), _ROOM))
