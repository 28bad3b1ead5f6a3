"""Tables in JSON: a list of records, columns, or records under a key, as brokers and SkyPortal answer them."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.sources.files.table import Cell, Row, Table, Unreadable

_LISTS = (
    "detections",
    "non_detections",
    "forced_photometry",
    "candidates",
    "photometry",
    "spectra",
    "data",
    "rows",
    "result",
)
"""Where records lie in an object; `detections` and `non_detections` are read together."""
_DEEPEST = 4


def is_json(content: bytes) -> bool:
    """Say whether a file begins as JSON does."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in {b"{", b"["}


def read_json(content: bytes) -> Table:
    """Read a table; the line of a row is its number.

    Raises
    ------
    Unreadable
        It is not JSON, or holds no records.
    """
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        raise Unreadable(error.lineno, "", f"The file is not JSON: {error.msg}, at character {error.colno}.") from None
    except (UnicodeDecodeError, RecursionError, ValueError):
        raise Unreadable(1, "", "The file is not JSON.") from None
    records = list(_records(value, 0))
    if not records:
        raise Unreadable(1, "", "The file holds no records: give a list of objects, or an object of columns.")
    columns = list(dict.fromkeys(name for record in records for name in record))
    rows = [
        Row(number, {name: _cell(record.get(name)) for name in columns}) for number, record in enumerate(records, 1)
    ]
    facts = (
        {str(name).upper(): str(fact) for name, fact in value.items() if _is_plain(fact)}
        if isinstance(value, dict)
        else {}
    )
    return Table(columns, rows, {}, facts)


def _records(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        yield from _listed(value)
    elif isinstance(value, dict) and _is_spectrum(value):
        yield value
    elif isinstance(value, dict) and depth < _DEEPEST:
        yield from _within(value, depth)


def _listed(records: list[Any]) -> Iterator[Mapping[str, Any]]:
    for number, record in enumerate(records, 1):
        if not isinstance(record, dict):
            raise Unreadable(number, "", "The record is not an object.")
        yield record


def _within(value: Mapping[str, Any], depth: int) -> Iterator[Mapping[str, Any]]:
    found = [name for name in _LISTS if isinstance(value.get(name), list | dict) and value[name]]
    below = [value[name] for name in found if name != "spectra" or "photometry" not in found]
    if below:
        for part in below:
            yield from _records(part, depth + 1)
        return
    lists = {name: column for name, column in value.items() if isinstance(column, list)}
    if lists:
        yield from _columns(lists, value)
    elif len(value) == 1:  # the Open Astronomy Catalogs have the object's name as the only key
        yield from _records(next(iter(value.values())), depth + 1)


def _is_spectrum(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("wavelengths"), list) and isinstance(value.get("fluxes"), list)


def _columns(lists: Mapping[str, list[Any]], value: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    count = max(map(len, lists.values()))
    for name, column in lists.items():
        if len(column) != count:
            raise Unreadable(
                min(len(column), count) + 1, name, f"The column has {len(column)} values, and others {count}."
            )
    same = {name: one for name, one in value.items() if _is_plain(one)}
    for number in range(count):
        yield {**same, **{name: column[number] for name, column in lists.items()}}


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float)


def _cell(value: Any) -> Cell:  # noqa: ANN401 - any JSON value
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(one is None or isinstance(one, int | float) for one in value):
        return [None if one is None else float(one) for one in value]
    if isinstance(value, dict) and isinstance(
        value.get("name"), str
    ):  # TNS: {"id": 22, "name": "r", "family": "Sloan"}
        return "-".join(part for part in (value["name"], value.get("family")) if isinstance(part, str) and part)
    return json.dumps(value)
