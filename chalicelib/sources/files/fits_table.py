"""Binary tables of FITS files, by the standard alone (FITS 4.0, section 7.3: https://fits.gsfc.nasa.gov/fits_standard.html).

astropy reads them, too, but neither it nor numpy belongs into the API function, whose start they would slow down by
more than a second; a table is rows of a fixed width, and everything here is bounded by the length of the file.
"""

import math
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from chalicelib.sources.files.table import Cell, Row, Table, Unreadable

_BLOCK = 2880
_CARD = 80
_MOST_CARDS = 20_000
_TYPES = {"L": "c", "B": "B", "I": "h", "J": "i", "K": "q", "E": "f", "D": "d"}
_FORM = re.compile(r"^(?P<repeat>\d*)(?P<type>[LXBIJKAEDCMPQ])")
_WIDTHS = {"L": 1, "X": 0, "B": 1, "I": 2, "J": 4, "K": 8, "A": 1, "E": 4, "D": 8, "C": 8, "M": 16, "P": 8, "Q": 16}
_VALUE = re.compile(r"^\s*('(?P<text>(?:[^']|'')*)'|(?P<bare>[^/]*))")


@dataclass(frozen=True, slots=True)
class _Column:
    """One column of a binary table: where its cells begin in a row, and how they are read."""

    name: str
    type: str
    repeat: int
    offset: int
    unit: str
    scale: float
    zero: float
    null: int | None


def is_fits(content: bytes) -> bool:
    """Say whether a file begins as FITS files do."""
    return content.startswith(b"SIMPLE  =")


def read_fits(content: bytes) -> Table:
    """Read the first binary table of a file; cells with several numbers are lists.

    Raises
    ------
    Unreadable
        The file has none, or is damaged.
    """
    for keywords, start in _units(content):
        if keywords.get("XTENSION") == "BINTABLE":
            return _table(content, keywords, start)
    raise Unreadable(1, "", "The FITS file has no binary table.")


def _units(content: bytes) -> Iterator[tuple[dict[str, str], int]]:
    """Yield the keywords of each header with the place where its data begin; keywords of the first one stay."""
    place = 0
    first: dict[str, str] = {}
    while place + _BLOCK <= len(content):
        keywords, start = _header(content, place)
        yield {**first, **keywords}, start
        first = first or {name: value for name, value in keywords.items() if not name.startswith(("NAXIS", "BITPIX"))}
        place = start + -(-_data_bytes(keywords) // _BLOCK) * _BLOCK


def _header(content: bytes, place: int) -> tuple[dict[str, str], int]:
    keywords: dict[str, str] = {}
    for number in range(_MOST_CARDS):
        begin = place + number * _CARD
        card = content[begin : begin + _CARD].decode("latin-1")
        if len(card) < _CARD:
            raise Unreadable(1, "", "The FITS file ends within a header.")
        name = card[:8].strip()
        if name == "END":
            return keywords, place + -(-(number + 1) * _CARD // _BLOCK) * _BLOCK
        if card[8:10] == "= ":
            found = _VALUE.match(card[10:])
            if found:
                text = found["text"]
                keywords[name] = (found["bare"] if text is None else text.replace("''", "'")).strip()
    raise Unreadable(1, "", "The FITS file has a header without an end.")


def _whole(keywords: Mapping[str, str], name: str, default: int | None = None) -> int:
    try:
        value = int(keywords[name])
    except (KeyError, ValueError):
        if default is None or name in keywords:
            raise Unreadable(1, "", f"The FITS header has no whole number {name}.") from None
        return default
    if value < 0:
        raise Unreadable(1, "", f"{name} of the FITS header is negative.")
    return value


def _data_bytes(keywords: Mapping[str, str]) -> int:
    axes = [_whole(keywords, f"NAXIS{number}") for number in range(1, min(_whole(keywords, "NAXIS", 0), 999) + 1)]
    if not axes:
        return 0
    try:
        bits = abs(int(keywords.get("BITPIX", "8")))
    except ValueError:
        raise Unreadable(1, "", "The FITS header has no BITPIX.") from None
    return bits // 8 * _whole(keywords, "GCOUNT", 1) * (_whole(keywords, "PCOUNT", 0) + math.prod(axes))


def _table(content: bytes, keywords: Mapping[str, str], start: int) -> Table:
    width, count = _whole(keywords, "NAXIS1"), _whole(keywords, "NAXIS2")
    columns = list(_columns(keywords, width))
    if len(content) < start + width * count:
        raise Unreadable(1, "", f"The FITS table ends early: {count} rows of {width} bytes were announced.")
    if not count:
        raise Unreadable(1, "", "The FITS table has no rows.")
    rows = []
    for number in range(count):
        row = content[start + number * width : start + (number + 1) * width]
        rows.append(Row(number + 1, {column.name: _cell(column, row) for column in columns}))
    units = {column.name: column.unit for column in columns if column.unit}
    return Table([column.name for column in columns], rows, units, dict(keywords))


def _columns(keywords: Mapping[str, str], width: int) -> Iterator[_Column]:
    """Yield the columns that can be read: scalars and arrays of numbers, and text."""
    offset, names = 0, set()
    for number in range(1, _whole(keywords, "TFIELDS") + 1):
        form = _FORM.match(keywords.get(f"TFORM{number}", "").strip().upper())
        if form is None:
            raise Unreadable(1, "", f"TFORM{number} of the FITS header cannot be read.")
        repeat = int(form["repeat"] or 1)
        name = keywords.get(f"TTYPE{number}", f"column_{number}")
        size = -(-repeat // 8) if form["type"] == "X" else repeat * _WIDTHS[form["type"]]
        if offset + size > width:
            raise Unreadable(1, name, "The column reaches beyond its row.")
        if form["type"] in {*_TYPES, "A"} and repeat and name not in names:
            names.add(name)
            yield _Column(
                name,
                form["type"],
                repeat,
                offset,
                keywords.get(f"TUNIT{number}", ""),
                _number(keywords, f"TSCAL{number}", 1.0),
                _number(keywords, f"TZERO{number}", 0.0),
                _null(keywords.get(f"TNULL{number}")),
            )
        offset += size


def _number(keywords: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(keywords.get(name, default))
    except ValueError:
        raise Unreadable(1, "", f"{name} of the FITS header is not a number.") from None


def _null(text: str | None) -> int | None:
    try:
        return None if text is None else int(text)
    except ValueError:
        return None


def _cell(column: _Column, row: bytes) -> Cell:
    if column.type == "A":
        return row[column.offset : column.offset + column.repeat].split(b"\0")[0].decode("latin-1").strip()
    values = struct.unpack_from(f">{column.repeat}{_TYPES[column.type]}", row, column.offset)
    read = [_value(column, value) for value in values]
    return read[0] if column.repeat == 1 else [None if value is None else float(value) for value in read]


def _value(column: _Column, value: bytes | float) -> float | int | bool | None:
    if isinstance(value, bytes):
        return {b"T": True, b"F": False}.get(value)
    if (isinstance(value, int) and value == column.null) or not math.isfinite(value):
        return None
    if (column.scale, column.zero) == (1.0, 0.0):
        return value
    scaled = value * column.scale + column.zero
    return int(scaled) if isinstance(value, int) and column.scale == 1.0 and column.zero.is_integer() else scaled
