"""Times as files write them, as Modified Julian Dates."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from chalicelib.sources.files.table import Row, Table, Unreadable, bare, is_nothing, number_of, text_of

_MJD_OF_JD = 2_400_000.5
_UNIX_EPOCH_MJD = 40_587.0
_DAY_SECONDS = 86_400.0
_OFFSETS = {"mjd": 0.0, "jd": -_MJD_OF_JD, "btjd": 2_457_000 - _MJD_OF_JD, "bkjd": 2_454_833 - _MJD_OF_JD}
"""What is added to give an MJD: TESS and Kepler count from JD 2457000 and 2454833."""
_REDUCED = re.compile(r"(?P<kind>m?)[bh]?jd\w*\s*[-_ ]\s*(?P<less>\d+(?:\.\d+)?)", re.IGNORECASE)
_JULIAN = re.compile(r"(?:bary|helio)?(?P<kind>mjd|btjd|bkjd|[bh]?jd|julian)")
_YEAR_FIRST = re.compile(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}")
_MJD_RANGE = (15_000.0, 100_000.0)
_JD_RANGE = (2_400_000.5 + 15_000, 2_500_000.5)


def mjd_of(table: Table, row: Row, column: str) -> float:
    """Return the time of a row as MJD; barycentric and heliocentric times stay what they are, but for the offset.

    Raises
    ------
    Unreadable
        It is missing, no time, or no sensible one.
    """
    cell = row.cells.get(column)
    if is_nothing(cell):
        raise Unreadable(row.line, column, "The time is missing.")
    text = text_of(cell)
    if _YEAR_FIRST.match(text):
        return _date(row, column, text)
    number = number_of(row, column) or 0.0
    offset = _offset(table, column)
    value = _sum(text, _guess(number) if offset is None else offset)
    if not _MJD_RANGE[0] < value < _MJD_RANGE[1]:
        raise Unreadable(row.line, column, f"{text[:40]} is neither an MJD, a JD nor a date (as 2026-11-22T03:04:05).")
    return value


def _sum(text: str, offset: float) -> float:
    """Add in decimals: JD 2459369.7 is MJD 59369.2, and not 59369.200000000186."""
    return float(Decimal(text) + Decimal(repr(offset)))


def _offset(table: Table, column: str) -> float | None:
    """Return what the unit, the name or the header of the column say is to be added; None if they say nothing."""
    for text in (table.unit(column), column):
        if found := _REDUCED.search(text):
            return float(found["less"]) - (0.0 if found["kind"] else _MJD_OF_JD)
    reference = _reference(table.facts)
    if reference is not None and bare(column) == "time":
        return reference - _MJD_OF_JD
    for text in (table.unit(column).lower(), bare(column)):
        if found := _JULIAN.search(text):
            kind = found["kind"]
            return _OFFSETS.get(kind, -_MJD_OF_JD) if kind in {"mjd", "btjd", "bkjd"} else None
    return None


def _reference(facts: Mapping[str, str]) -> float | None:
    """Return the zero of the times of a FITS header (BJDREFI + BJDREFF, or MJDREF), as JD."""
    try:
        if "BJDREFI" in facts:
            return float(facts["BJDREFI"]) + float(facts.get("BJDREFF", "0"))
        if "MJDREFI" in facts:
            return float(facts["MJDREFI"]) + float(facts.get("MJDREFF", "0")) + _MJD_OF_JD
    except ValueError:
        return None
    return None


def _guess(value: float) -> float:
    """Tell a JD from an MJD by its size, which no time of an observation leaves open."""
    return -_MJD_OF_JD if _JD_RANGE[0] < value < _JD_RANGE[1] else 0.0


def _date(row: Row, column: str, text: str) -> float:
    written = text.replace("/", "-").replace("Z", "+00:00").strip()
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise Unreadable(row.line, column, f"{text[:40]!r} is not a date (as 2026-11-22T03:04:05).") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _UNIX_EPOCH_MJD + moment.timestamp() / _DAY_SECONDS
