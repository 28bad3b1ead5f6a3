"""The calls that NumPy's pickles consist of, read as arrays.

An array of numbers becomes an ndarray, an array of objects nested lists. Raises ValueError, TypeError or IndexError for
a record that does not look as NumPy writes it.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.budget import Budget
from chalicelib.products.errors import Damaged
from chalicelib.products.joblib.inert_bytes import bytes_of
from chalicelib.products.joblib.inert_values import Call
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
    return _array(shape, dtype, "F" if is_fortran is True else "C", data, budget)


def masked_array(call: Call, budget: Budget) -> object:
    """Read ``_mareconstruct(…)`` with its state: version, shape, dtype, is Fortran ordered, data, mask, fill value."""
    if not isinstance(call.state, tuple):
        raise Damaged("an array without a state")
    _, shape, dtype, is_fortran, data, mask, _ = call.state
    values = _array(shape, dtype, "F" if is_fortran is True else "C", data, budget)
    if not isinstance(values, np.ndarray):
        raise Damaged("a masked array of objects")
    hidden = array_from_bytes(bytes_of(mask), np.dtype(bool), values.shape, "F" if is_fortran is True else "C")
    masked: NDArray[Any] = np.ma.MaskedArray(values, hidden)
    return masked


def frombuffer(call: Call, budget: Budget) -> object:
    """Read ``_frombuffer(data, dtype, shape, order)``, the form of protocol 5."""
    data, dtype, shape, order = call.arguments[:4]
    return _array(shape, dtype, order, data, budget)


def scalar(call: Call, budget: Budget) -> object:
    """Read ``scalar(dtype, data)`` as an array without dimensions."""
    dtype, data = call.arguments
    found = dtype_of(dtype, budget)
    return data if found == np.dtype(object) else array_from_bytes(bytes_of(data), found, (), "C")


def data_type(call: Call, budget: Budget) -> object:
    """Read ``dtype(code)`` with its state as the name of the type."""
    return str(dtype_of(call, budget))


def _array(shape: object, dtype: object, order: object, data: object, budget: Budget) -> object:
    lengths, found = shape_of(shape), dtype_of(dtype, budget)
    if found.hasobject:
        if not isinstance(data, list):
            raise Damaged("an array of objects without a list of them")
        budget.spend(count_lists(lengths))
        return nest(data, lengths)
    packed = data.encode("latin-1") if isinstance(data, str) else bytes_of(data)
    return array_from_bytes(packed, found, lengths, "F" if order == "F" else "C")
