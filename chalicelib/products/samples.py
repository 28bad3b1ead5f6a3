"""Posterior samples, one column for each parameter: cleaned and thinned for drawing, packed between processes."""

import json

import numpy as np
from numpy.typing import NDArray

from chalicelib.products.errors import Unreadable

MAX_SAMPLES = 20_000

Columns = dict[str, NDArray[np.float64]]
"""Samples of each parameter, all of the same length."""

_SMALLEST_SPREAD = 1e-12  # of the largest value; below, histogram bins run into the floats' precision
_LARGEST = 1e150  # squares must stay finite


def drawable(columns: Columns) -> Columns:
    """Leave out the parameters without spread, then the samples that are not finite in all others.

    A parameter is without spread if it is constant, or not finite in half of its samples or more. At most 20 000
    samples remain, evenly spaced.
    """
    mostly_finite = {name: values for name, values in columns.items() if 2 * _finite(values).sum() > len(values)}
    if not mostly_finite:
        return {}
    usable = np.flatnonzero(np.all([_finite(values) for values in mostly_finite.values()], axis=0))
    kept = usable[_evenly_spaced(len(usable))]
    thinned = {name: values[kept] for name, values in mostly_finite.items()}
    return {name: values for name, values in thinned.items() if _has_spread(values)}


def _finite(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    finite: NDArray[np.bool_] = np.abs(values) < _LARGEST
    return finite


def _evenly_spaced(count: int) -> NDArray[np.intp]:
    return np.linspace(0, count - 1, min(count, MAX_SAMPLES)).astype(np.intp)


def _has_spread(values: NDArray[np.float64]) -> bool:
    return values.size > 0 and bool(np.ptp(values) > _SMALLEST_SPREAD * np.abs(values).max())


def pack(columns: Columns) -> bytes:
    """Write columns as one line of JSON, their names and lengths, and the samples as little-endian doubles."""
    header = json.dumps([[name, len(values)] for name, values in columns.items()]).encode()
    return b"".join([header, b"\n", *(values.astype("<f8").tobytes() for values in columns.values())])


def unpack(packed: bytes) -> Columns:
    """Read what `pack` wrote; raises Unreadable for anything else, since a reader may have been overpowered."""
    header, _, samples = packed.partition(b"\n")
    try:
        names, lengths = zip(*json.loads(header), strict=True)
        values = np.frombuffer(samples, "<f8")
        ends = np.cumsum(lengths)
        columns = dict(zip(map(str, names), np.split(values, ends[:-1]), strict=True))
    except (ValueError, TypeError) as error:
        raise Unreadable("The posterior cannot be read.") from error
    if [len(column) for column in columns.values()] != list(lengths):
        raise Unreadable("The posterior cannot be read.")
    return columns
