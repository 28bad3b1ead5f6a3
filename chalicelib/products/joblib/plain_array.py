"""Arrays of every NumPy type as nested lists of JSON values."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.joblib.nesting import count_lists, nest

_LONG = 8  # bytes of the longest float and twice that of the longest complex that Python shares with NumPy


def plain_array(array: NDArray[Any], budget: Budget, value_size: int, text_of: Callable[[bytes], str]) -> object:
    """Convert an array without objects; NaN, NaT, infinities and masked elements become None.

    `budget` is charged before anything is built; `text_of` turns the bytes of S and V elements into text. An array
    without dimensions gives a single value.
    """
    budget.spend(value_size * (array.size + count_lists(array.shape)))
    if array.dtype.kind in "SUV":
        budget.spend(array.nbytes)
    flat = array.ravel()
    if flat.dtype.names is not None:  # each field of records may be masked by itself
        columns = [plain_array(flat[name], budget, value_size, text_of) for name in flat.dtype.names]
        return nest(_records(flat.dtype.names, columns, flat.size), array.shape)
    values = _flat(np.ma.getdata(flat), text_of)
    mask = np.ma.getmaskarray(flat).tolist() if isinstance(flat, np.ma.MaskedArray) else None
    shown = values if mask is None else [None if hidden else value for value, hidden in zip(values, mask, strict=True)]
    return nest(shown, array.shape)


def _records(names: tuple[str, ...], columns: list[Any], size: int) -> list[object]:
    rows = zip(*columns, strict=True) if columns else ((),) * size
    return [dict(zip(names, row, strict=True)) for row in rows]


def _flat(values: NDArray[Any], text_of: Callable[[bytes], str]) -> list[object]:  # noqa: PLR0911 - a line for each kind
    """Convert a one-dimensional array."""
    match values.dtype.kind:
        case "f":
            return _floats(values)
        case "c":
            parts = zip(_floats(values.real), _floats(values.imag), strict=True)
            return [{"real": real, "imag": imaginary} for real, imaginary in parts]
        case "M":
            return [None if text == "NaT" else text for text in np.datetime_as_string(values).tolist()]
        case "m":
            return [None if np.isnat(value) else _duration(value) for value in values]
        case "S" | "V":
            return [text_of(bytes(value)) for value in values]
        case "U":
            return [text.encode("utf-8", "replace").decode() for text in values.tolist()]
    plain: list[object] = values.tolist()
    return plain


def _duration(value: np.timedelta64) -> str | int:
    """Write a number of hours, say, as text; one without a unit is that number."""
    unit, _ = np.datetime_data(value.dtype)
    return int(value.astype(np.int64)) if unit == "generic" else str(value)


def _floats(values: NDArray[Any]) -> list[object]:
    with np.errstate(all="ignore"):
        doubles = values.astype(np.float64)
    finite = np.isfinite(doubles)
    if finite.all():
        return doubles.tolist()  # type: ignore[no-any-return]
    return [value if usable else None for value, usable in zip(doubles.tolist(), finite.tolist(), strict=True)]
