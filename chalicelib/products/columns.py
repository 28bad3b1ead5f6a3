"""The samples of a posterior as text to work with: JSON columns, or CSV with one header line, written in pieces."""

import csv
import io
import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
import orjson
from numpy.typing import NDArray

from chalicelib.products.errors import BadArguments, Unreadable
from chalicelib.products.selection import Parameter

MOST_CELLS = 40_000_000
"""Numbers of one answer: some 800 MB of text."""

_CHAIN, _DRAW = "chain", "draw"
_BLOCK = 100_000
"""Numbers that are written at once."""

_MOST_NAMED = 30
_NAME = re.compile(r"(?:[^,\[\]]|\[[^\[\]]*\]|[\[\]])+")
_LINE_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")

Write = Callable[[bytes], object]
Counted = NDArray[np.int64]
Sampled = NDArray[np.float64]


@dataclass(frozen=True)
class ColumnsWanted:
    """Which columns, and how: `var_names` are names separated by commas, which may be within them."""

    format: str
    thin: int = 1
    var_names: str | None = None


def write_columns(parameters: Sequence[Parameter], wanted: ColumnsWanted, write: Write) -> None:
    """Write every `thin`-th draw of each chain: ``{"columns": {name: [...]}}``, or CSV.

    Where chains are known, `chain` and `draw` number the rows, unless `var_names` leaves them out. What is missing or
    not finite is null, and empty in CSV. In JSON parameters may have different numbers of draws; in CSV the shorter
    ones are filled up.

    Raises
    ------
    BadArguments
        There is no parameter of a name that was asked for, or more numbers are wanted than can be written.
    Unreadable
        There are no samples.
    """
    if not parameters:
        raise Unreadable("The posterior has no samples.")
    numbers = _numbers(parameters, wanted.thin)
    counts, chosen = _asked(parameters, list(numbers), wanted.var_names)
    _check_count(len(chosen), sum(len(_rows(one, wanted.thin)) for one in chosen))
    counted = {name: numbers[name] for name in counts}
    sampled = ((one.name, _thinned(one, wanted.thin)) for one in chosen)
    if wanted.format == "csv":
        _write_csv(counted, dict(sampled), write)
    else:
        _write_json(chain(counted.items(), sampled), write)


def _asked(
    parameters: Sequence[Parameter], counts: list[str], var_names: str | None
) -> tuple[list[str], list[Parameter]]:
    """Find what was asked for by name, or by that of the array that it is an element of; each once."""
    if var_names is None or not var_names.strip(", "):
        return counts, list(parameters)
    known: dict[str, list[Parameter]] = {name: [] for name in counts}
    for one in parameters:
        known.setdefault(one.variable, []).append(one)
    known |= {one.name: [one] for one in parameters}
    names = dict.fromkeys(_split(var_names, known, parameters))
    found = {one.name: one for name in names for one in known[name]}
    return [name for name in counts if name in names], list(found.values())


def _split(text: str, known: Collection[str], parameters: Sequence[Parameter]) -> Iterator[str]:
    """Split at commas, but for those within names that there are: of several readings the longest name counts."""
    parts = text.split(",")
    most = 1 + max(name.count(",") for name in known)
    first = 0
    while first < len(parts):
        ends = range(min(len(parts), first + most), first, -1)
        name, end = next(
            ((name, end) for end in ends if (name := ",".join(parts[first:end]).strip()) in known), ("", first + 1)
        )
        if not name and parts[first].strip():
            meant = _NAME.match(",".join(parts[first:]).lstrip())
            there = ", ".join(one.name for one in parameters[:_MOST_NAMED])
            asked = (meant[0] if meant else parts[first]).strip()[:100]
            raise BadArguments(f"var_names: {asked!r} is no parameter of the posterior; it has {there}.")
        if name:
            yield name
        first = end


def _numbers(parameters: Sequence[Parameter], thin: int) -> dict[str, Counted]:
    """Return the columns that number chains and draws, if all parameters have the same and none is called like them."""
    shapes = {(one.chains, one.draws) for one in parameters}
    chains, draws = parameters[0].chains, parameters[0].draws
    if len(shapes) != 1 or not chains or not draws or {_CHAIN, _DRAW} & {one.name for one in parameters}:
        return {}
    rows = _rows(parameters[0], thin)
    return {_CHAIN: rows // (draws // chains), _DRAW: rows % (draws // chains)}


def _rows(parameter: Parameter, thin: int) -> NDArray[np.int64]:
    """Return which draws are taken: of each chain the first, and every `thin`-th after it."""
    chains = parameter.chains or 1
    each = parameter.draws // chains
    within = np.arange(0, each, min(thin, max(each, 1)), dtype=np.int64)
    rows: NDArray[np.int64] = (np.arange(chains, dtype=np.int64)[:, None] * each + within).ravel()
    return rows


def _thinned(parameter: Parameter, thin: int) -> NDArray[np.float64]:
    values = parameter.read()
    return np.ascontiguousarray(values if thin == 1 else values[_rows(parameter, thin)])


def _check_count(columns: int, cells: int) -> None:
    if cells > MOST_CELLS:
        raise BadArguments(
            f"thin: {cells} numbers in {columns} columns are more than the {MOST_CELLS} of one answer; "
            f"choose at least {-(-cells // MOST_CELLS)} times as large a thin, or fewer parameters with var_names."
        )


def _write_json(columns: Iterable[tuple[str, Counted | Sampled]], write: Write) -> None:
    begin = b'{"columns":{'
    for name, values in columns:
        write(begin + json.dumps(name).encode() + b":[")
        for start in range(0, len(values), _BLOCK):
            write((b"," if start else b"") + _json(values[start : start + _BLOCK])[1:-1])
        write(b"]")
        begin = b","
    write(b"}}")


def _write_csv(counted: Mapping[str, Counted], sampled: Mapping[str, Sampled], write: Write) -> None:
    header = io.StringIO()
    csv.writer(header, lineterminator="\n").writerow(_LINE_BREAKS.sub(" ", name) for name in (*counted, *sampled))
    write(header.getvalue().encode("utf-8", "replace"))
    longest = max(len(values) for values in (*counted.values(), *sampled.values()))
    most = max(1, _BLOCK // (len(counted) + len(sampled)))
    for start in range(0, longest, most):
        rows = min(most, longest - start)
        sides = [[b"%d" % number for number in values[start : start + rows]] for values in counted.values()]
        block = np.full((rows, len(sampled)), np.nan)
        for column, values in enumerate(sampled.values()):
            part = values[start : start + rows]
            block[: len(part), column] = part
        if sampled:
            sides.append(_lines(block))
        write(b"\n".join(map(b",".join, zip(*sides, strict=True))) + b"\n")


def _lines(block: Sampled) -> list[bytes]:
    """Return rows as lines of CSV; an empty line would be none, so that a single missing number is quoted."""
    missing = b"" if block.shape[1] > 1 else b'""'
    return _json(block)[2:-2].replace(b"null", missing).split(b"],[")


def _json(values: Counted | Sampled) -> bytes:
    return orjson.dumps(np.ascontiguousarray(values), option=orjson.OPT_SERIALIZE_NUMPY)
