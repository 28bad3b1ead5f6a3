"""A measurement of brightness as it is read by the thousand: PynamoDB takes fifteen times as long to make its model."""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, Self

from chalicelib import clock

Stored = Mapping[str, Mapping[str, Any]]
"""An item as DynamoDB sends it: by the name of an attribute one type and its content."""

_NOTHING: Mapping[str, Any] = {}
_MOST_REMEMBERED = 1_000


class PhotometryPoint(NamedTuple):
    """What the item `Photometry` says, with the same names, and not to be changed: microjansky, AB, degrees."""

    obj_id: str
    sk: str
    id: int
    group_ids: frozenset[int]
    owner_id: int
    mjd: float
    filter: str
    flux: float | None
    fluxerr: float
    limiting_mag: float | None
    instrument_id: int
    instrument_name: str
    origin: str | None
    altdata: Any
    extinction_corrected: bool | None
    ra: float | None
    dec: float | None
    ra_unc: float | None
    dec_unc: float | None
    created: str
    """When, as text."""

    @property
    def created_at(self) -> datetime:
        """When, in naive UTC."""
        return clock.parse(self.created)

    @classmethod
    def of(cls, item: Stored) -> Self:
        """Read an item of the kind `photometry`; one that lacks what every point has raises KeyError."""
        get = item.get
        text = get("altdata", _NOTHING).get("S")
        return cls(
            item["obj_id"]["S"],
            item["sk"]["S"],
            int(item["record_id"]["N"]),
            _groups(*get("group_ids", _NOTHING).get("NS", ())),
            int(item["owner_id"]["N"]),
            float(item["mjd"]["N"]),
            item["filter"]["S"],
            _number(get("flux")),
            float(item["fluxerr"]["N"]),
            _number(get("limiting_mag")),
            int(item["instrument_id"]["N"]),
            item["instrument_name"]["S"],
            get("origin", _NOTHING).get("S"),
            None if text is None else json.loads(text),
            get("extinction_corrected", _NOTHING).get("BOOL"),
            _number(get("ra")),
            _number(get("dec")),
            _number(get("ra_unc")),
            _number(get("dec_unc")),
            item["created_at"]["S"],
        )


def _number(value: Mapping[str, Any] | None) -> float | None:
    """Return a float, None where there is none or DynamoDB's own null."""
    text = None if value is None else value.get("N")
    return None if text is None else float(text)


@lru_cache(_MOST_REMEMBERED)
def _groups(*texts: str) -> frozenset[int]:
    return frozenset(map(int, texts))
