"""Other sources at the place of one: probably the same object under another name."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.sources.coordinates import ra_ranges, separation
from chalicelib.sources.items.placed import Placed, band_of
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import may_read

RADIUS = 4.0
"""Arc seconds."""

MOST_EXAMINED = 100
"""The nearest neighbours that are looked at, whoever may see them: what others save at a place has a limited price."""

_MOST_READ = 1000
_ARCSEC = 3600.0
_SEEN_BY = ["obj_id", "sk", "kind", "group_ids"]


@dataclass(frozen=True, slots=True, order=True)
class _Neighbour:
    separation: float
    obj_id: str
    ra: float
    dec: float


def duplicates(caller: Caller, source: Source) -> list[dict[str, Any]]:
    """Return the sources within `RADIUS` that the caller may see, nearest first, with their separation in arc seconds.

    One Query, a second one where the circle touches the next band of the sky or right ascension begins again, and one
    BatchGetItem if there is anything.
    """
    found = sorted(one for one in _neighbours(source) if one.separation <= RADIUS)[:MOST_EXAMINED]
    keys = [(one.obj_id, SOURCE_SK) for one in found]
    sources = Source.batch_get(keys, consistent_read=True, attributes_to_get=_SEEN_BY) if keys else ()
    readable = {one.obj_id for one in sources if may_read(caller, one)}
    return [
        {"obj_id": one.obj_id, "ra": one.ra, "dec": one.dec, "separation": one.separation}
        for one in found
        if one.obj_id in readable
    ]


def _neighbours(source: Source) -> Iterator[_Neighbour]:
    radius = RADIUS / _ARCSEC
    for band in range(band_of(source.dec - radius), band_of(source.dec + radius) + 1):
        for low, high in ra_ranges(source.ra, source.dec, radius):
            for other in Placed.by_position.query(band, Placed.ra.between(low, high), limit=_MOST_READ):
                if other.obj_id != source.obj_id:
                    apart = _ARCSEC * separation(source.ra, source.dec, other.ra, other.dec)
                    yield _Neighbour(apart, other.obj_id, other.ra, other.dec)
