"""Arrays that would take many times their memory as lists: they stay arrays until their JSON is written, in pieces."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.joblib.plain_array import plain_array
from chalicelib.products.scratch import FilePart, new_file

LARGE = 1_000_000
"""Numbers from which on an array is large."""

MAX_NUMBERS = 20_000_000
"""Of all large arrays of one result: about 400 MB of JSON."""

_BLOCK = 50_000
_NUMERIC = "biuf"


@dataclass(frozen=True, eq=False)
class LargeArray:
    """An array of numbers within JSON data."""

    values: NDArray[Any]

    def json(self) -> Iterator[str]:
        """Yield its JSON, some at a time."""
        return _pieces(self.values)


def is_large(array: NDArray[Any]) -> bool:
    """Say whether an array is one of numbers that is not made a list."""
    return array.size > LARGE and array.dtype.kind in _NUMERIC


def to_json(value: object) -> bytes | FilePart:
    """Write JSON data in which there may be large arrays; to a file if there are."""
    mark = secrets.token_hex(16)
    arrays: list[LargeArray] = []

    def named(array: object) -> str:
        if not isinstance(array, LargeArray):
            raise TypeError(f"{type(array).__name__} is no JSON data")
        arrays.append(array)
        return mark

    text = json.dumps(value, allow_nan=False, separators=(",", ":"), default=named)
    if not arrays:
        return text.encode()
    first, *others = text.split(f'"{mark}"')
    file, size = new_file(), 0
    for piece in chain([first], *(chain(array.json(), [text]) for array, text in zip(arrays, others, strict=True))):
        file.write(content := piece.encode())
        size += len(content)
    return FilePart(file, 0, size)


def _pieces(array: NDArray[Any]) -> Iterator[str]:
    yield "["
    rows = max(1, _BLOCK * len(array) // array.size)
    for start in range(0, len(array), rows):
        part = array[start : start + rows]
        if start:
            yield ","
        if part.ndim > 1 and part.size > _BLOCK:  # one row, too large itself
            yield from _pieces(part[0])
        else:
            yield _list(part)[1:-1]
    yield "]"


def _list(array: NDArray[Any]) -> str:
    budget = Budget(100 * _BLOCK, "An array has more rows than numbers.")
    return json.dumps(plain_array(array, budget, 1, lambda data: data.decode("latin-1")), separators=(",", ":"))
