"""Gaussian smoothing of histograms, which corner would take from SciPy: too large a library for one function.

The numbers are SciPy's to the last bit, and so in the same order: where it counts, as corner does for one dimension, in
integers, it cuts every sum off at the point, and a sum that is smaller in its last bit loses a whole count.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

_TRUNCATE = 4.0  # standard deviations, and mirrored edges, as scipy.ndimage.gaussian_filter does by default


def gaussian_filter(values: NDArray[Any], sigma: float) -> NDArray[Any]:
    """Convolve each axis with a Gaussian of `sigma` bins; shape and type stay the same."""
    weights = _weights(sigma)
    smoothed = np.asarray(values)
    for axis in range(smoothed.ndim):
        smoothed = _convolved(smoothed, axis, weights).astype(smoothed.dtype)
    return smoothed


def _weights(sigma: float) -> NDArray[np.float64]:
    """Return one half of the kernel, from its middle outwards."""
    radius = int(_TRUNCATE * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 / (sigma * sigma) * offsets**2)
    normalized: NDArray[np.float64] = kernel / kernel.sum()
    return normalized[radius:]


def _convolved(values: NDArray[Any], axis: int, weights: NDArray[np.float64]) -> NDArray[np.float64]:
    radius, length = len(weights) - 1, values.shape[axis]
    padding = [(radius, radius) if one == axis else (0, 0) for one in range(values.ndim)]
    padded = np.moveaxis(np.pad(values.astype(np.float64), padding, mode="symmetric"), axis, 0)
    total = padded[radius : radius + length] * weights[0]
    for offset in range(radius, 0, -1):  # from the ends to the middle
        before, after = padded[radius - offset :][:length], padded[radius + offset :][:length]
        total += (before + after) * weights[offset]
    return np.moveaxis(total, 0, axis)
