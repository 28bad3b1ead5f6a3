"""NumPy's own pickle records, read as data types and arrays; every size is checked before it is used."""

import math
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged
from chalicelib.products.joblib.inert_bytes import bytes_of
from chalicelib.products.joblib.inert_values import Call, Pairs

MAX_DIMENSIONS = 32
MAX_ITEM_SIZE = 1_000_000

_MAX_LENGTH = 2**40
_MAX_FIELDS = 1000
_MAX_NESTING = 8
_FIELD_COST = 100
"""NumPy takes some microseconds for a field, and shared types can have a thousand within each of a thousand."""

_CODE = re.compile(r"[?biufcSUVMmO]\d{0,7}", re.ASCII)
_TIME_UNIT = re.compile(r"Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as", re.ASCII)
_NO_UNIT = "generic"
_TIME_KINDS = "Mm"
_BYTE_ORDERS = ("<", ">")
_DATA_TYPE = ("numpy", "dtype")
_TEXTS_OF_ANY_LENGTH = frozenset(
    (f"numpy.{core}._internal", "_convert_to_stringdtype_kwargs") for core in ("core", "_core")
)
"""What NumPy's StringDType is pickled as; such arrays hold their texts as an array of objects does."""


def dtype_of(value: object, budget: Budget, depth: int = 0) -> np.dtype[Any]:
    """Interpret a record of ``numpy.dtype(code)`` with the state that ``dtype.__reduce__`` gives it.

    The state is (version, byte order, subarray, names, fields, item size, alignment, flags[, metadata]).

    Raises
    ------
    ValueError, IndexError, TypeError
        It is none, or none that is supported.
    """
    key = value.key if isinstance(value, Call) else None
    if key in _TEXTS_OF_ANY_LENGTH:
        return np.dtype(object)
    if not isinstance(value, Call) or key != _DATA_TYPE or depth > _MAX_NESTING:
        raise Damaged("not a data type")
    state = value.state if isinstance(value.state, tuple) else (3, "|", None, None, None, -1, -1, 0)
    _, order, subarray, names, fields, item_size = state[:6]
    if names is not None:
        dtype = _structured(names, fields, item_size, budget, depth)
    elif subarray is not None:
        dtype = _subarray(subarray, budget, depth)
    else:
        dtype = _simple(value.arguments[0], state)
    if dtype.itemsize > MAX_ITEM_SIZE:
        raise Damaged("the items of an array are too large")
    return dtype.newbyteorder(order) if order in _BYTE_ORDERS else dtype


def _simple(code: object, state: tuple[object, ...]) -> np.dtype[Any]:
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise Damaged("an unknown data type")  # not its name: to write out shared references can take for ever
    if code[0] == "O":
        return np.dtype(object)
    return np.dtype(code + _time_unit(state) if code[0] in _TIME_KINDS else code)


def _time_unit(state: tuple[object, ...]) -> str:
    """Return the unit of a datetime64 or timedelta64 from its metadata, ({}, (unit, count, 1, 1)), as ``[25us]``.

    A bare number of nothing, and a bare NaT, have no unit.
    """
    match state[8:]:
        case ((_, (name, int(count), *_)),):
            unit = name if isinstance(name, str) else bytes_of(name).decode("ascii")
            if unit == _NO_UNIT:
                return ""
            if _TIME_UNIT.fullmatch(unit) and count > 0:
                return f"[{count}{unit}]"
    raise Damaged("a time without a known unit")


def _structured(names: object, fields: object, item_size: object, budget: Budget, depth: int) -> np.dtype[Any]:
    if not isinstance(names, tuple) or not isinstance(fields, Pairs) or not isinstance(item_size, int):
        raise Damaged("damaged fields of a data type")
    budget.spend(_FIELD_COST * len(fields.pairs))
    if len(fields.pairs) > _MAX_FIELDS or item_size > MAX_ITEM_SIZE:
        raise Damaged("the items of an array are too large")
    by_name = {name: field for name, field in fields.pairs if isinstance(name, str)}
    ordered = [by_name[name] for name in names if isinstance(name, str) and name in by_name]
    return np.dtype(
        {
            "names": list(names),
            "formats": [dtype_of(_item(field, 0), budget, depth + 1) for field in ordered],
            "offsets": [_item(field, 1) for field in ordered],
            "itemsize": item_size,
        },
    )


def _item(field: object, index: int) -> Any:  # noqa: ANN401 - NumPy checks the offset
    if not isinstance(field, tuple):
        raise Damaged("damaged field of a data type")
    return field[index]


def _subarray(subarray: object, budget: Budget, depth: int) -> np.dtype[Any]:
    if not isinstance(subarray, tuple):
        raise Damaged("damaged subarray of a data type")
    base, lengths = dtype_of(subarray[0], budget, depth + 1), subarray[1]
    shape = shape_of(lengths if isinstance(lengths, tuple) else (lengths,))
    if size_in_bytes(shape, base) > MAX_ITEM_SIZE:
        raise Damaged("the items of an array are too large")
    return np.dtype((base, shape))


def shape_of(value: object) -> tuple[int, ...]:
    """Check that a value is the shape of an array; raises ValueError if not."""
    if not isinstance(value, tuple) or len(value) > MAX_DIMENSIONS:
        raise Damaged("the shape of an array is damaged")
    shape = tuple(length for length in value if isinstance(length, int) and 0 <= length <= _MAX_LENGTH)
    if len(shape) != len(value):
        raise Damaged("the shape of an array is damaged")
    return shape


def size_in_bytes(shape: tuple[int, ...], dtype: np.dtype[Any]) -> int:
    """Return how many bytes an array takes: none if its elements are empty texts."""
    return math.prod(shape) * dtype.itemsize


def array_from_bytes(data: bytes | bytearray, dtype: np.dtype[Any], shape: tuple[int, ...], order: str) -> NDArray[Any]:
    """Lay an array over its bytes; raises ValueError unless there are exactly as many as it needs."""
    if dtype.hasobject or size_in_bytes(shape, dtype) != len(data):
        raise Damaged("the bytes of an array do not fit its shape")
    if dtype.itemsize == 0:  # np.str_(""), which frombuffer does not take; however many, they are no memory
        return np.ndarray(shape, dtype)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if order == "F" else "C")
