"""The item that holds the statistics of a source: reads, replaces and shows them."""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.ids import new_id
from chalicelib.sources import blobs
from chalicelib.sources.items.phot_stat import PhotStat
from chalicelib.sources.phot_stats.packed import packed, unpacked
from chalicelib.sources.phot_stats.record import statistics
from chalicelib.sources.phot_stats.statistics import Point, State


def state_of(item: PhotStat) -> State:
    """Return the state; one call to S3 if it is too large for the item."""
    if item.state_key:
        return unpacked(blobs.get(item.state_key))
    return unpacked(item.state) if item.state else State()


def replace_state(item: PhotStat, state: State) -> None:
    """Put a state onto the item, which the caller then writes on condition of its version."""
    content = packed(state)
    item.modified = clock.now()
    if len(content) <= blobs.MOST_INLINE:
        item.state, item.state_key = content, None
        return
    item.state, item.state_key = None, blobs.key_of(item.obj_id, f"phot_stat-{new_id()}")
    blobs.put(item.state_key, content)


def count_again(item: PhotStat, points: Iterable[Point]) -> None:
    """Replace the statistics by those of all points."""
    item.last_full_update = clock.now()
    replace_state(item, State().including(points))


def stat_record(obj_id: str) -> dict[str, Any]:
    """Return the statistics of a source as JSON."""
    item = PhotStat.find(obj_id)
    newest = item.last_phot_add_time
    return {
        "id": item.record_id,
        "obj_id": item.obj_id,
        "created_at": clock.iso(item.created_at),
        "modified": clock.iso(item.modified),
        "last_update": clock.iso(item.modified),
        "last_full_update": clock.iso(item.last_full_update or item.created_at),
        "last_phot_add_time": None if newest is None else clock.iso(newest),
        **statistics(state_of(item)),
    }
