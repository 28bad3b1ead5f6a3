"""The list of all runs that a caller may read, newest first, narrowed to what is wanted.

The lists of the caller's groups are read as far back as is needed. Whoever looks for something rare gets a page that is
not full, perhaps empty, and the cursor with which to look on: no request reads more than `MOST_LOOKED_AT` runs.
"""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import ids
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.list_entry import ListEntry
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.listing import in_batches, merged, of_groups, runs_of, without_repeats
from chalicelib.analyses.read.related import Related
from chalicelib.analyses.states import State
from chalicelib.analyses.watch.brief import brief_records, readable_runs
from chalicelib.services.items.reach import EVERYTHING, Reach
from chalicelib.sources.source.access import OBJ_ID

MOST_LOOKED_AT = 2_000

_LATE = timedelta(hours=1)
"""By how much the start of a run may be later than its id says: a batch's runs have ids from when it was posted."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which runs; None, or no states, means all."""

    states: frozenset[State] = frozenset()
    service_id: int | None = None
    author_id: int | None = None
    obj_id: str | None = None
    batch_id: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Only ids below this one."""


@dataclass(frozen=True, slots=True)
class Page:
    """Records, and the id below which the next page begins."""

    records: list[dict[str, Any]]
    next_before: int | None


def runs_page(caller: Caller, wanted: Wanted, rows: int) -> Page:
    """List runs as `brief_records` shows them.

    Two calls and one for each of the caller's groups, for a hundred runs that are looked at.
    """
    related = Related()
    kept: list[Run] = []
    looked_at = 0
    last: int | None = None
    for batch in _batches(caller, wanted, related):
        for run in readable_runs(caller, [run for run in batch if _is_wanted(run, wanted)], related):
            if len(kept) == rows:
                return Page(brief_records(kept, related), kept[-1].id)
            kept.append(run)
        looked_at, last = looked_at + len(batch), batch[-1].id if batch else last
        if looked_at >= MOST_LOOKED_AT:
            return Page(brief_records(kept, related), last)
    return Page(brief_records(kept, related), None)


def listed_ids(caller: Caller, low: int, high: int, service_id: int | None = None) -> Iterator[int]:
    """Yield the ids in the lists of a caller, newest first, from `low` to `high`; an administrator's are all."""
    if low > high:
        return iter(())
    if caller.is_admin:
        services = Reach.services_of(EVERYTHING) if service_id is None else [service_id]
        bounds = Run.analysis_id.between(low, high)
        return without_repeats(
            merged(Run.by_service.query(number, bounds, scan_index_forward=False) for number in services)
        )
    bounds = ListEntry.analysis_id.between(low, high)
    groups = sorted(caller.group_ids)
    return without_repeats(
        merged(ListEntry.by_group.query(group_id, bounds, scan_index_forward=False) for group_id in groups)
    )


def bounds_of(since: datetime | None, until: datetime | None) -> tuple[int, int]:
    """Return the lowest and the highest id that a run may have which was started between two moments."""
    low = 0 if since is None else ids.first_id_of(since, -_LATE)
    high = ids.MOST if until is None else ids.first_id_of(until, timedelta(seconds=1))
    return low, high


def _batches(caller: Caller, wanted: Wanted, related: Related) -> Iterator[list[Run]]:
    low, high = bounds_of(wanted.since, wanted.until)
    if wanted.before is not None:
        high = min(high, wanted.before - 1)
    if wanted.batch_id is not None:
        batch = Batch.find(wanted.batch_id)
        if batch is None:
            return iter(())
        low = max(low, batch.id + 1)
    if wanted.obj_id is not None:
        return in_batches(_of_object(caller, wanted.obj_id, low, high, related))
    return map(runs_of, in_batches(listed_ids(caller, low, high, wanted.service_id)))


def _of_object(caller: Caller, obj_id: str, low: int, high: int, related: Related) -> Iterator[Run]:
    if not OBJ_ID.fullmatch(obj_id) or low > high:
        return iter(())
    related.learn([], obj_id)
    restricted = related.restricted_to(obj_id)
    groups = restricted if caller.is_admin else restricted & caller.group_ids
    public: Iterable[Run] = ()
    if related.readable(caller, obj_id):
        public = Run.by_object.query(obj_id, Run.analysis_id.between(low, high), scan_index_forward=False)
    own = (run for run in of_groups(groups, obj_id, high + 1) if run.id >= low)
    return heapq.merge(public, own, key=lambda run: run.id, reverse=True)


def _is_wanted(run: Run, wanted: Wanted) -> bool:
    return (
        (not wanted.states or run.state in wanted.states)
        and wanted.service_id in {None, run.service_id}
        and wanted.author_id in {None, run.author_id}
        and wanted.batch_id in {None, run.batch_id}
        and (wanted.since is None or run.created_at >= wanted.since)
        and (wanted.until is None or run.created_at <= wanted.until)
    )
