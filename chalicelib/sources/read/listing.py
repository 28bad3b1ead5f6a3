"""The list of sources: what the caller's groups saved, newest first.

The list is read from the index by group, so its cost depends on the caller's groups alone. A source that several of
them saved appears once, where it was saved last. Numbers of matches are exact up to what is examined in a request:
10 000 sources, 1 000 if their classifications or newest analyses must be read; beyond that they are lower bounds.
"""

import base64
import heapq
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import all_group_records, chosen_groups, group_records
from chalicelib.http.errors import BadRequest
from chalicelib.sources.items.saved import Saved
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.read.filter import accepts, named
from chalicelib.sources.read.newest_analysis import in_states
from chalicelib.sources.read.query import SourceQuery
from chalicelib.sources.read.source_record import remark_records, source_record
from chalicelib.sources.source.access import group_ids_of, visible
from chalicelib.sources.source.people import remember_people
from chalicelib.sources.source.remarks import Remark, check_size, remarks_of

MOST_EXAMINED = 10_000
MOST_LOOKED_INTO = 1_000
_AT_ONCE = 100
_BEGINNING, _END = datetime(1, 1, 1), datetime(9999, 12, 31)  # noqa: DTZ001 - naive UTC, like all our times


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the list; later places come first."""

    saved_at: datetime
    obj_id: str
    group_id: int = 0


Match = tuple[Place, Source]


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where the next page begins: after this place."""

    after: Place
    total: int
    """Matches of the whole list."""

    def text(self) -> str:
        """Return what stands in the URL."""
        content = json.dumps([clock.iso(self.after.saved_at), self.after.obj_id, self.total])
        return base64.urlsafe_b64encode(content.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str) -> "Cursor":
        """Read it back; raise BadRequest if it is not one of ours."""
        try:
            saved_at, obj_id, total = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            return cls(Place(clock.naive_utc(clock.parse(saved_at)), str(obj_id)), int(total))
        except (ValueError, TypeError, OverflowError, RecursionError):
            raise BadRequest("Invalid cursor: use the one from the `Link` header as it is.") from None


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One page and how to go on."""

    record: dict[str, Any]
    next: Cursor | None


@dataclass(frozen=True, slots=True)
class _Limits:
    """When to stop."""

    matches: int
    examined: int


@dataclass(frozen=True, slots=True)
class _Found:
    matches: list[Match]
    stopped_at: Place | None
    """The last place that was examined, if there are more."""


def list_sources(caller: Caller, query: SourceQuery) -> SourcePage:
    """Return a page of the list.

    Raises
    ------
    Forbidden
        The caller is not in one of the groups that were asked for.
    BadRequest
        The cursor is not one of ours.
    """
    cursor = None if query.cursor is None else Cursor.read(query.cursor)
    groups = _groups(caller, query)
    places = _places(groups, query, cursor)
    skipped = 0 if cursor is not None else (query.page_number - 1) * query.num_per_page
    if cursor is None and not query.by_source:
        return _plain_page(caller, query, places, skipped)
    limits = _Limits(
        matches=MOST_EXAMINED if cursor is None else query.num_per_page + 1,
        examined=MOST_LOOKED_INTO if query.by_classification or query.newest_analysis else MOST_EXAMINED,
    )

    def meant(read: Iterable[Match]) -> Iterable[Match]:
        found = (match for match in read if _is_meant(caller, match[1], match[0], groups, query))
        return in_states(caller, found, query.newest_analysis) if query.newest_analysis else found

    found = _examined(places, meant, limits)
    page = found.matches[skipped : skipped + query.num_per_page]
    total = len(found.matches) if cursor is None else cursor.total
    after = page[-1][0] if len(found.matches) > skipped + query.num_per_page else found.stopped_at
    return _page(caller, query, [source for _, source in page], total, after)


def _groups(caller: Caller, query: SourceQuery) -> frozenset[int]:
    if query.group_ids:
        return chosen_groups(caller, query.group_ids)
    return frozenset(record["id"] for record in all_group_records()) if caller.is_admin else caller.group_ids


def _places(groups: frozenset[int], query: SourceQuery, cursor: Cursor | None) -> Iterator[Place]:
    latest = min((time for time in (query.saved_before, cursor and cursor.after.saved_at) if time), default=_END)
    earliest = query.saved_after or _BEGINNING
    if earliest > latest:  # DynamoDB refuses bounds in this order
        return
    within = Saved.saved_at.between(earliest, latest)
    merged = heapq.merge(*(_of_group(group, within) for group in groups), reverse=True)
    for place in merged:
        before = cursor is None or (place.saved_at, place.obj_id) < (cursor.after.saved_at, cursor.after.obj_id)
        if before and named(place.obj_id, query):
            yield place


def _of_group(group_id: int, within: Any) -> Iterator[Place]:  # noqa: ANN401 - a condition of PynamoDB
    for saved in Saved.by_group.query(group_id, within, scan_index_forward=False):
        yield Place(saved.saved_at, saved.obj_id, group_id)


def _plain_page(caller: Caller, query: SourceQuery, places: Iterator[Place], skipped: int) -> SourcePage:
    """Return a page for which nothing but the list itself decides, so that only its own sources are read."""
    first_places: dict[str, Place] = {}
    for place in places:
        first_places.setdefault(place.obj_id, place)
        if len(first_places) == MOST_EXAMINED:
            break
    wanted = list(first_places.values())[skipped : skipped + query.num_per_page]
    sources = _read(place.obj_id for place in wanted)
    shown = [sources[place.obj_id] for place in wanted if place.obj_id in sources]
    more = len(first_places) > skipped + query.num_per_page
    return _page(caller, query, shown, len(first_places), wanted[-1] if more else None)


def _examined(places: Iterator[Place], meant: Callable[[Iterable[Match]], Iterable[Match]], limits: _Limits) -> _Found:
    """Look at one place after the other; `meant` is asked about a hundred at a time."""
    matches: list[Match] = []
    place = None
    within = islice(places, limits.examined)
    while chunk := list(islice(within, _AT_ONCE)):
        sources = _read(place.obj_id for place in chunk)
        for match in meant((place, sources[place.obj_id]) for place in chunk if place.obj_id in sources):
            matches.append(match)
            if len(matches) == limits.matches:
                return _Found(matches, match[0])
        place = chunk[-1]
    return _Found(matches, place if next(places, None) is not None else None)


def _is_meant(caller: Caller, source: Source, place: Place, groups: frozenset[int], query: SourceQuery) -> bool:
    return _shows_here(source, place, groups, query) and accepts(caller, source, query)


def _shows_here(source: Source, place: Place, groups: frozenset[int], query: SourceQuery) -> bool:
    """Say whether this place is the last one of a source, which has one for each group that saved it."""
    saves = [
        (clock.parse(saved_at), int(group)) for group, (saved_at, _) in source.saves.items() if int(group) in groups
    ]
    before = query.saved_before or _END
    return (place.saved_at, place.group_id) == max((save for save in saves if save[0] <= before), default=None)


def _read(obj_ids: Iterable[str]) -> dict[str, Source]:
    keys = [(obj_id, SOURCE_SK) for obj_id in dict.fromkeys(obj_ids)]
    return {source.obj_id: source for source in Source.batch_get(keys, consistent_read=True)}


def _page(caller: Caller, query: SourceQuery, sources: Iterable[Source], total: int, after: Place | None) -> SourcePage:
    record = {
        "sources": _records(caller, list(sources)),
        "totalMatches": total,
        "pageNumber": query.page_number,
        "numPerPage": query.num_per_page,
    }
    return SourcePage(record, None if after is None else Cursor(after, total))


def _records(caller: Caller, sources: list[Source]) -> list[dict[str, Any]]:
    remarks: dict[str, list[Remark]] = {source.obj_id: [] for source in sources}
    found = sorted(visible(caller, remarks_of(remarks)), key=lambda remark: remark.id)
    check_size(found)
    remember_people(found)
    group_records(number for source in sources for number in group_ids_of(source))
    for remark in found:
        remarks[remark.obj_id].append(remark)
    return [
        {**source_record(source, caller, savers=False), **remark_records(remarks[source.obj_id])} for source in sources
    ]
