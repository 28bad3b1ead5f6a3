"""Moments as callers write them: ISO 8601, and nothing that could mean another time."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from chalicelib import clock

_DATE = r"(?P<year>\d{4})(?P<dash>-?)(?P<month>\d\d)(?P=dash)(?P<day>\d\d)"
_TIME = r"(?P<hour>\d\d)(?::?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,](?P<fraction>\d+))?)?)?"
_ZONE = r"[Zz]|(?P<offset_hour>[+-](?:[01]\d|2[0-3]))(?::?(?P<offset_minute>[0-5]\d))?"
_MOMENT = re.compile(rf"{_DATE}(?:[Tt ]{_TIME}(?:{_ZONE})?)?", re.ASCII)

_EXPECTED = "must be an ISO 8601 date or time, such as 2026-11-22, 2026-11-22T10:31:07Z or 20261122T103107"


def read_moment(value: object) -> datetime:
    """Read a date or a time, extended (2026-11-22T10:31:07) or basic (20261122T103107), as naive UTC.

    Without an offset it is UTC already; a date is its midnight; digits beyond microseconds are cut. The separator may
    be a space.

    Raises
    ------
    ValueError
        It is none of that. Numbers are refused: they might be Unix seconds, MJD or JD, and only who wrote them knows.
    """
    if isinstance(value, datetime):
        return clock.naive_utc(value)
    found = _MOMENT.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{_EXPECTED}; a number is none")
    part = found.groupdict("00")
    extended = "{year}-{month}-{day}T{hour}:{minute}:{second}".format_map(part)
    offset = "+00:00" if found["offset_hour"] is None else "{offset_hour}:{offset_minute}".format_map(part)
    try:
        moment = datetime.fromisoformat(f"{extended}.{part['fraction'][:6]:0<6}{offset}")
    except ValueError as error:
        raise ValueError(f"{_EXPECTED}: {error}") from None
    return clock.naive_utc(moment)


Moment = Annotated[
    datetime,
    BeforeValidator(read_moment),
    WithJsonSchema({"type": "string", "description": "ISO 8601, extended or basic; UTC unless it names an offset"}),
]
"""A date or a time in a body or a query, as naive UTC."""
