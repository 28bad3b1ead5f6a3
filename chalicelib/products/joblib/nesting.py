"""Flat values in C order, folded into lists of lists of the shape of an array."""

import math
from collections.abc import Sequence

from chalicelib.products.errors import Damaged


def count_lists(shape: tuple[int, ...]) -> int:
    """Return how many lists an array of this shape becomes; a length of zero can stand behind a huge one."""
    return sum(math.prod(shape[:depth]) for depth in range(len(shape)))


def nest(values: Sequence[object], shape: tuple[int, ...]) -> object:
    """Fold the values; without dimensions, return the only one. Raises ValueError unless they fill the shape."""
    if len(values) != math.prod(shape):
        raise Damaged("the values of an array do not fit its shape")
    return _fold(values, 0, shape)


def _fold(values: Sequence[object], start: int, shape: tuple[int, ...]) -> object:
    if not shape:
        return values[start]
    if len(shape) == 1:
        return list(values[start : start + shape[0]])
    step = math.prod(shape[1:])
    return [_fold(values, start + index * step, shape[1:]) for index in range(shape[0])]
