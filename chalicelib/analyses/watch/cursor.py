"""How far somebody has seen what moved: a moment, and what was told already of what moved after it.

Changes are written by many processes, each by its own clock, and reach the index a little later. Who asks again
therefore looks back a little, and the cursor says what of that was told.
"""

import hashlib
import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import read_moment

LOOK_BACK = timedelta(seconds=10)
MOST_TOLD = 300
"""Changes that a cursor remembers; of more, it looks back less far."""

_MARK_BYTES = 6
_MARK = 8
_CURSOR = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6})~([A-Za-z0-9_-]{8})~((?:[A-Za-z0-9_-]{8}){0,300})", re.ASCII
)

Change = tuple[datetime, int]
"""When a run moved, and its id."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """All that moved until `floor` is told, and what is marked; `tag` stands for all that was ever told."""

    floor: datetime
    tag: str
    marks: frozenset[str] = frozenset()

    def knows(self, change: Change) -> bool:
        """Say whether a change was told."""
        return change[0] <= self.floor or _mark(change) in self.marks

    def __str__(self) -> str:
        return f"{self.floor.isoformat(timespec='microseconds')}~{self.tag}~{''.join(sorted(self.marks))}"

    def told(self, new: Iterable[Change], known: Iterable[Change], floor: datetime) -> "Cursor":
        """Return the cursor of who was told new changes, knows these altogether, and all until `floor`."""
        new = list(new)
        tag = short_hash(self.tag, *new) if new else self.tag
        ordered = sorted(set(known), reverse=True)
        newest = ordered[0][0] if ordered else floor
        floor = max(floor, newest - LOOK_BACK)
        recent = [change for change in ordered if change[0] > floor]
        if len(recent) > MOST_TOLD:
            floor = recent[MOST_TOLD][0]
        return Cursor(floor, tag, frozenset(_mark(change) for change in recent if change[0] > floor))


def read_cursor(text: str) -> Cursor:
    """Read the `next` of an answer, or a moment.

    Raises
    ------
    BadRequest
        It is neither.
    """
    found = _CURSOR.fullmatch(text)
    try:
        if found is None:
            return Cursor(read_moment(text), short_hash(text))
        marks = found[3]
        return Cursor(
            clock.parse(found[1]), found[2], frozenset(marks[at : at + _MARK] for at in range(0, len(marks), _MARK))
        )
    except ValueError:
        raise BadRequest("Invalid since: give the `next` of the answer before, or an ISO 8601 time.") from None


def short_hash(*parts: object) -> str:
    """Return eight letters that stand for these texts, numbers and moments."""
    digest = hashlib.sha256(" ".join(map(str, parts)).encode()).digest()
    return urlsafe_b64encode(digest[:_MARK_BYTES]).decode()


def _mark(change: Change) -> str:
    return short_hash(change[0].isoformat(timespec="microseconds"), change[1])
