"""A curve of a million points as a plot can show it: the highest and the lowest point of each of its pixels."""

import numpy as np

from chalicelib.periodograms.frequencies import Array, Frequencies

_BINS = 1_000
"""So many evenly spaced in frequency, and as many evenly spaced in its logarithm, for plots against the period."""


def thinned(grid: Frequencies, power: Array) -> tuple[Array, Array]:
    """Return frequencies and powers of at most 4 000 points, every local extreme that a plot could show among them."""
    edges = _edges(grid)
    pieces = [(low, power[low:high]) for low, high in zip(edges, np.append(edges[1:], grid.number), strict=True)]
    places = {low + int(place) for low, piece in pieces for place in (np.argmax(piece), np.argmin(piece))}
    kept = np.array(sorted(places))
    return grid.values[kept], power[kept]


def _edges(grid: Frequencies) -> Array:
    """Return where the bins begin, as places in the grid."""
    even = np.linspace(0, grid.number, _BINS, endpoint=False)
    ratios = np.geomspace(grid.first, grid.last, _BINS, endpoint=False)
    edges: Array = np.unique(np.concatenate([even, (ratios - grid.first) / grid.step]).astype(int))
    return edges
