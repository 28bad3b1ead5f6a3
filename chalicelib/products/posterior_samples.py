"""Samples of one parameter as JSON lists: draws, chains of draws, or chains of draws of arrays."""

import math
from collections.abc import Iterator
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import Unreadable

MAX_DIMENSIONS = 6
MAX_COLUMNS = 10_000

_CHAINS_AND_DRAWS = 2


def parameter_columns(name: str, samples: object) -> Iterator[tuple[str, NDArray[np.float64]]]:
    """Yield the samples of a parameter, of all chains one after the other, with null as NaN.

    The lists are nested as arviz nests arrays: chain, draw, and then the dimensions of the parameter, each element of
    which has a column of its own, ``name[0]`` or ``name[0,1]``. Chains may differ in length. What is no list of numbers
    gives no column.

    Raises
    ------
    Unreadable
        There are more than ten thousand elements.
    """
    dimensions = _dimensions(samples)
    if not isinstance(samples, list) or not dimensions:
        return
    if dimensions <= _CHAINS_AND_DRAWS:
        flat = samples if dimensions == 1 else _joined(samples)
        values = _numbers(flat)
        if values is not None:
            yield name, values
        return
    yield from _elements(name, samples, dimensions)


def _dimensions(samples: object) -> int:
    """Count how deep the first elements are nested; 0 for what is no list, or nested too deeply to be samples."""
    for depth in range(MAX_DIMENSIONS + 1):
        if not isinstance(samples, list):
            return depth
        samples = next(iter(samples), None)
    return 0


def _joined(chains: list[object]) -> list[object] | None:
    lists = [one for one in chains if isinstance(one, list)]
    return list(chain.from_iterable(lists)) if len(lists) == len(chains) else None


def _numbers(values: list[object] | None) -> NDArray[np.float64] | None:
    if values is None or not all(value is None or isinstance(value, int | float) for value in values):
        return None
    try:
        return np.array(values, dtype=np.float64)  # which makes NaN of None
    except OverflowError:
        return None


def _elements(name: str, samples: list[object], dimensions: int) -> Iterator[tuple[str, NDArray[np.float64]]]:
    flat, inner = _joined(samples), []
    for _ in range(dimensions - _CHAINS_AND_DRAWS):
        lengths = {len(one) if isinstance(one, list) else 0 for one in flat or [0]}
        if len(lengths) > 1 or lengths == {0}:
            return
        inner.append(lengths.pop())
        if math.prod(inner) > MAX_COLUMNS:
            raise Unreadable(f"{name[:100]} has more than {MAX_COLUMNS} elements.")
        flat = _joined(flat or [])
    values = _numbers(flat)
    if values is None:
        return
    by_draw = values.reshape(-1, *inner)
    for index in np.ndindex(*inner):
        yield f"{name}[{','.join(map(str, index))}]", by_draw[(slice(None), *index)]
