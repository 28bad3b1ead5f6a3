"""A curve of a million points as a plot can show it: the highest and the lowest point of each of its pixels."""

import numpy as np
import numpy.typing as npt

from chalicelib.periodograms.frequencies import Array, Frequencies

_BINS = 1_000
"""So many evenly spaced in frequency, and as many evenly spaced in its logarithm, for plots against the period."""


def thinned(grid: Frequencies, power: Array) -> tuple[Array, Array]:
    """Return frequencies and powers of at most 4 000 points, every local extreme that a plot could show among them."""
    edges = _edges(grid)
    kept = np.union1d(*(_firsts(power, extreme, edges) for extreme in (np.maximum, np.minimum)))
    return grid.values[kept], power[kept]


def _firsts(power: Array, extreme: np.ufunc, edges: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    """Return the first place of the extreme of each bin, all bins at once; what is no number is one, as to argmax."""
    sizes = np.diff(edges, append=len(power))
    found = np.flatnonzero((power == np.repeat(extreme.reduceat(power, edges), sizes)) | np.isnan(power))
    return found[np.searchsorted(found, edges)]


def _edges(grid: Frequencies) -> npt.NDArray[np.intp]:
    """Return where the bins begin, as places in the grid."""
    even = np.linspace(0, grid.number, _BINS, endpoint=False)
    ratios = np.geomspace(grid.first, grid.last, _BINS, endpoint=False)
    edges: npt.NDArray[np.intp] = np.unique(np.concatenate([even, (ratios - grid.first) / grid.step]).astype(int))
    return edges
