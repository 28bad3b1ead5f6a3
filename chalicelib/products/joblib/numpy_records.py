"""The calls that NumPy's pickles consist of, read as arrays.

An array of numbers becomes an ndarray, an array of objects nested lists. Raises ValueError, TypeError or IndexError for
a record that does not look as NumPy writes it.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged
from chalicelib.products.joblib.inert_bytes import bytes_of
from chalicelib.products.joblib.inert_values import Call, Pairs
from chalicelib.products.joblib.nesting import count_lists, nest
from chalicelib.products.joblib.numpy_values import array_from_bytes, dtype_of, shape_of


def reconstruct(call: Call, budget: Budget) -> object:
    """Read ``_reconstruct(ndarray, (0,), b"b")`` with its state: version, shape, dtype, is Fortran ordered, data.

    Subclasses that add to the state, as astropy's quantities do, put that tuple first.
    """
    state = call.state
    if isinstance(state, tuple) and state and isinstance(state[0], tuple):
        state = state[0]
    if not isinstance(state, tuple):
        raise Damaged("an array without a state")
    _, shape, dtype, is_fortran, data = state
    return _array(shape_of(shape), dtype_of(dtype, budget), _order(is_fortran), data, budget)


def masked_array(call: Call, budget: Budget) -> object:
    """Read ``_mareconstruct(…)`` with its state: version, shape, dtype, is Fortran ordered, data, mask, fill value."""
    if not isinstance(call.state, tuple):
        raise Damaged("an array without a state")
    _, shape, dtype, is_fortran, data, mask, _ = call.state
    lengths, found = shape_of(shape), dtype_of(dtype, budget)
    # of records each field has a mask of its own
    hidden = array_from_bytes(bytes_of(mask), np.ma.make_mask_descr(found), lengths, _order(is_fortran))
    if found.hasobject:
        return _masked_objects(data, hidden, budget)
    masked: NDArray[Any] = np.ma.MaskedArray(_array(lengths, found, _order(is_fortran), data, budget), hidden)
    return masked


def masked_constant(_call: Call, _budget: Budget) -> object:
    """Read ``numpy.ma.masked``, which stands for a value that is missing."""
    return None


def _masked_objects(data: object, hidden: NDArray[Any], budget: Budget) -> object:
    """Return nested lists with None for what is masked; the data lie in the order of the mask's elements."""
    if not isinstance(data, list) or len(data) != hidden.size or hidden.dtype.names is not None:
        raise Damaged("a masked array of objects that do not fit its mask")
    budget.spend(hidden.size + count_lists(hidden.shape))
    shown = [None if is_hidden else value for value, is_hidden in zip(data, hidden.ravel().tolist(), strict=True)]
    return nest(shown, hidden.shape)


def frombuffer(call: Call, budget: Budget) -> object:
    """Read ``_frombuffer(data, dtype, shape, order)``, the form of protocol 5."""
    data, dtype, shape, order = call.arguments[:4]
    return _array(shape_of(shape), dtype_of(dtype, budget), "F" if order == "F" else "C", data, budget)


def scalar(call: Call, budget: Budget) -> object:
    """Read ``scalar(dtype, data)`` as an array without dimensions."""
    dtype, data = call.arguments
    found = dtype_of(dtype, budget)
    if not found.hasobject:
        return array_from_bytes(bytes_of(data), found, (), "C")
    return data if isinstance(data, Call) else _named(data, found, budget)


def data_type(call: Call, budget: Budget) -> object:
    """Read ``dtype(code)`` with its state as the name of the type."""
    return str(dtype_of(call, budget))


def _order(is_fortran: object) -> str:
    return "F" if is_fortran is True else "C"


def _array(shape: tuple[int, ...], dtype: np.dtype[Any], order: str, data: object, budget: Budget) -> object:
    if dtype.hasobject:
        if not isinstance(data, list) or len(data) != math.prod(shape):
            raise Damaged("an array of objects without a list of them")
        budget.spend(count_lists(shape))
        return nest(data if dtype.names is None else [_named(item, dtype, budget) for item in data], shape)
    packed = data.encode("latin-1") if isinstance(data, str) else bytes_of(data)
    return array_from_bytes(packed, dtype, shape, order)


def _named(item: object, dtype: np.dtype[Any], budget: Budget) -> object:
    """Read a record of which some field is an object: NumPy writes it as the tuple of its values."""
    names = dtype.names
    if names is None:
        return item
    if not isinstance(item, list | tuple) or len(item) != len(names):
        raise Damaged("a record that does not fit its data type")
    budget.spend(len(names))
    return Pairs([(name, _named(value, dtype[name], budget)) for name, value in zip(names, item, strict=True)])
