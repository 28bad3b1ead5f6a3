"""Which sources have their newest analysis in some state; a higher room knows that."""

from collections.abc import Collection, Iterable, Iterator
from typing import TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.sources.includes import STATES
from chalicelib.sources.items.source import Source

PlaceT = TypeVar("PlaceT")

NONE = "none"
"""Asks for sources without any."""


def in_states(
    caller: Caller, found: Iterable[tuple[PlaceT, Source]], wanted: Collection[str]
) -> Iterator[tuple[PlaceT, Source]]:
    """Keep the sources, of up to a hundred, whose newest analysis that the caller may read is in one of the states."""
    known = list(found)
    states = STATES["newest_analysis"](caller, [source.obj_id for _, source in known]) if known else {}
    return (match for match in known if states.get(match[1].obj_id, NONE) in wanted)
