"""Lists of analyses, newest first, with only what the caller may read."""

import functools
import heapq
import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple, TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.analyses.items.list_entry import ListEntry
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.read.record import listed_record, short_record
from chalicelib.analyses.read.related import Related
from chalicelib.analyses.states import State
from chalicelib.http.encoding import json_bytes
from chalicelib.http.pages import MAX_ROWS
from chalicelib.services.items.reach import EVERYTHING, Reach
from chalicelib.services.items.service import Service
from chalicelib.sources.source.access import OBJ_ID

_MOST_BYTES = 4_000_000
"""A page is cut before it exceeds what can be answered."""

_BATCH = 100

ItemT = TypeVar("ItemT")
Record = Callable[[Run, Service | None], dict[str, Any]]


class Page(NamedTuple):
    """Records, and the id after which the next page begins."""

    records: list[dict[str, Any]]
    next_before: int | None


class Wanted(NamedTuple):
    """Which analyses to list."""

    service_id: int | None = None
    summary_only: bool = False
    filename: bool = False
    before: int | None = None


def of_object(caller: Caller, obj_id: str, wanted: Wanted) -> Page:
    """List the analyses of one object, as full records; if the caller cannot see it, those from relays alone.

    Read are the runs that everybody sees who can read the source, and those that groups of the caller have to
    themselves: what others have to themselves costs nothing.
    """
    if not OBJ_ID.fullmatch(obj_id):
        return Page([], None)
    below = None if wanted.before is None else Run.analysis_id < wanted.before
    public = Run.by_object.query(obj_id, below, scan_index_forward=False)
    first = list(itertools.islice(public, _BATCH))
    neighbours = Related()
    neighbours.learn(first, obj_id)
    restricted = neighbours.restricted_to(obj_id)
    groups = restricted if caller.is_admin else restricted & caller.group_ids
    is_readable = neighbours.readable(caller, obj_id)
    if not (is_readable or groups):
        return Page([], None)
    runs = itertools.chain(first, public) if is_readable else iter(())
    groups_of = functools.cache(group_records)
    return _page(
        caller,
        wanted,
        in_batches(heapq.merge(runs, of_groups(groups, obj_id, wanted.before), key=_newest, reverse=True)),
        lambda run, service: listed_record(run, service, caller, groups_of, filename=wanted.filename),
        neighbours,
    )


def included(caller: Caller, obj_id: str) -> list[dict[str, Any]]:
    """Return the analyses that a source's record includes on request."""
    return of_object(caller, obj_id, Wanted()).records


def of_all(caller: Caller, wanted: Wanted) -> Page:
    """List the analyses that the caller's groups see, as short records."""
    if caller.is_admin:
        services = [wanted.service_id] if wanted.service_id is not None else Reach.services_of(EVERYTHING)
        below = None if wanted.before is None else Run.analysis_id < wanted.before
        ids = merged(Run.by_service.query(service_id, below, scan_index_forward=False) for service_id in services)
    else:
        below = None if wanted.before is None else ListEntry.analysis_id < wanted.before
        ids = merged(
            ListEntry.by_group.query(group_id, below, scan_index_forward=False) for group_id in sorted(caller.group_ids)
        )
    return _page(caller, wanted, map(runs_of, in_batches(without_repeats(ids))), short_record, Related())


def of_groups(group_ids: Iterable[int], obj_id: str, before: int | None) -> Iterator[Run]:
    """Read the runs on an object that groups have to themselves, newest first."""
    below = None if before is None else ListEntry.analysis_id < before
    ids = merged(
        ListEntry.by_group_and_object.query(ListEntry.of_object(group_id, obj_id), below, scan_index_forward=False)
        for group_id in sorted(group_ids)
    )
    for batch in in_batches(without_repeats(ids)):
        yield from runs_of(batch)


def _newest(run: Run) -> int:
    return run.id


def merged(queries: Iterable[Iterable[Run | ListEntry]]) -> Iterator[int]:
    """Merge queries that are newest first into one stream of ids that is."""
    return heapq.merge(*((item.analysis_id for item in query) for query in queries), reverse=True)


def without_repeats(ids: Iterable[int]) -> Iterator[int]:
    """Leave out what comes again at once."""
    return (number for number, _ in itertools.groupby(ids))


def in_batches(items: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    """Yield lists of up to a hundred, as many as one call reads."""
    iterator = iter(items)
    while batch := list(itertools.islice(iterator, _BATCH)):
        yield batch


def runs_of(ids: list[int], *, consistent_read: bool = False) -> list[Run]:
    """Read up to a hundred runs, those that there are, in this order; one call."""
    keys = [(number, RUN_SK) for number in ids]
    found = {run.id: run for run in Run.batch_get(keys, consistent_read=consistent_read)}
    return [found[number] for number in ids if number in found]


def _page(caller: Caller, wanted: Wanted, batches: Iterable[list[Run]], record: Record, neighbours: Related) -> Page:
    """Fill a page with what the caller may read of the runs, up to a number of rows and of bytes."""
    records: list[dict[str, Any]] = []
    size = 0
    for batch in batches:
        candidates = [run for run in batch if run.state is not State.DELETED and caller.reaches(run.group_ids)]
        neighbours.learn(candidates)
        for run in candidates:
            service = neighbours.service(run)
            if not _is_wanted(run, service, wanted) or not neighbours.readable_run(caller, run):
                continue
            made = record(run, service)
            size += len(json_bytes(made))
            if records and (len(records) == MAX_ROWS or size > _MOST_BYTES):
                return Page(records, records[-1]["id"])
            records.append(made)
    return Page(records, None)


def _is_wanted(run: Run, service: Service | None, wanted: Wanted) -> bool:
    if service is not None and service.deleted_at:
        return False
    if wanted.service_id is not None and run.service_id != wanted.service_id:
        return False
    return not wanted.summary_only or (service is not None and bool(service.is_summary))
