"""What moved of what a caller may read: the one thing that pages ask again and again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.listing import in_batches, runs_of
from chalicelib.analyses.read.related import Related
from chalicelib.analyses.run.moved import partitions
from chalicelib.analyses.states import State
from chalicelib.analyses.watch.brief import brief_records, readable_runs
from chalicelib.analyses.watch.cursor import LOOK_BACK, Change, Cursor, read_cursor, short_hash
from chalicelib.analyses.watch.runs import Wanted, runs_page

NEWEST = 100
"""Runs that whoever begins to watch is told."""
MOST_TOLD = 500
"""Runs of one answer; who is told so many asks again."""

_OLDEST = timedelta(hours=1)
_STALE = timedelta(minutes=10)
"""After which a cursor moves on although nothing moved, so that little has to be looked through."""
_MOST_READ = 1_000
"""Changes read of one partition."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What moved, where to go on, and whether the caller must begin anew because it was away for long."""

    cursor: Cursor
    runs: list[dict[str, Any]]
    gone: list[int]
    reset: bool
    since: str = ""

    @property
    def tag(self) -> str:
        """Another one as soon as something moved."""
        return self.cursor.tag

    @property
    def data(self) -> dict[str, Any]:
        """The answer."""
        return {"next": self.since or str(self.cursor), "runs": self.runs, "gone": self.gone, "reset": self.reset}


@dataclass(frozen=True, slots=True)
class _Moved:
    """Entries of the index by time, complete until a moment."""

    entries: list[Run]
    until: datetime | None
    """None: all that there is."""


def changes(caller: Caller, since: str | None) -> Changes:
    """Return the runs that moved since the answer before.

    A call for each partition of the index, four or eight as a rule; if something moved, two more for a hundred runs.

    Raises
    ------
    BadRequest
        `since` is no cursor.
    """
    now = clock.now()
    cursor = None if since is None else read_cursor(since)
    if cursor is None or since is None or cursor.floor < now - _OLDEST:
        return _beginning(caller, now)
    related = Related()
    moved = _moved(cursor.floor, now)
    seen = _permitted(caller, moved.entries, related)
    new = [entry for entry in seen if not cursor.knows(_change(entry))]
    told = new[:MOST_TOLD]
    if not told and moved.until is None:
        if cursor.floor >= now - _STALE:
            return Changes(cursor, [], [], reset=False, since=since)
        return Changes(cursor.told([], map(_change, seen), now - LOOK_BACK), [], [], reset=False)
    runs, gone = _records(caller, told, related)
    limit = told[-1].moved if len(new) > len(told) else moved.until
    known = [_change(entry) for entry in seen if limit is None or entry.moved <= limit]
    floor = cursor.floor if moved.until is None else max(cursor.floor, moved.until - LOOK_BACK)
    if moved.until is not None and not told:
        floor = moved.until
    return Changes(cursor.told(map(_change, told), known, floor), runs, gone, reset=False)


def _beginning(caller: Caller, now: datetime) -> Changes:
    floor = now - LOOK_BACK
    known = [_change(entry) for entry in _permitted(caller, _moved(floor, now).entries, Related())]
    runs = runs_page(caller, Wanted(), NEWEST).records
    tag = short_hash(*((run["id"], run["modified"]) for run in runs))
    return Changes(Cursor(floor, tag).told([], known, floor), runs, [], reset=True)


def _moved(since: datetime, now: datetime) -> _Moved:
    """Read what moved after a moment; another process may be ahead of our clock."""
    found: list[Run] = []
    until: datetime | None = None
    for partition in partitions(since, now + LOOK_BACK):
        page = list(islice(Run.by_moved.query(partition, Run.moved > since, limit=_MOST_READ), _MOST_READ))
        if len(page) == _MOST_READ:
            until = page[-1].moved if until is None else min(until, page[-1].moved)
        found += page
    kept = (entry for entry in found if until is None or entry.moved <= until)
    return _Moved(sorted(kept, key=_change), until)


def _permitted(caller: Caller, entries: list[Run], related: Related) -> list[Run]:
    """Keep what is in the caller's lists, or on a source that the caller has come to read since the run began."""
    if caller.is_admin:
        return entries
    late = [entry for entry in entries if not _is_listed(caller, entry) and entry.public_obj_id is not None]
    related.learn_objects(entry.public_obj_id for entry in late)
    return [
        entry
        for entry in entries
        if _is_listed(caller, entry)
        or (entry.public_obj_id is not None and related.readable(caller, entry.public_obj_id))
    ]


def _is_listed(caller: Caller, entry: Run) -> bool:
    return not caller.group_ids.isdisjoint(entry.listed_group_ids or ())


def _records(caller: Caller, told: list[Run], related: Related) -> tuple[list[dict[str, Any]], list[int]]:
    gone = [entry.id for entry in told if entry.status == State.DELETED]
    kept: list[Run] = []
    for batch in in_batches(entry.id for entry in told if entry.status != State.DELETED):
        kept += readable_runs(caller, runs_of(batch, consistent_read=True), related)
    return brief_records(kept, related), gone


def _change(entry: Run) -> Change:
    return entry.moved, entry.id
