"""Gaussian smoothing of histograms, which corner would take from SciPy: too large a library for one function."""

import numpy as np
from numpy.typing import NDArray

_TRUNCATE = 4.0  # standard deviations, and mirrored edges, as scipy.ndimage.gaussian_filter does by default


def gaussian_filter(values: NDArray[np.float64], sigma: float) -> NDArray[np.float64]:
    """Convolve each axis with a Gaussian of `sigma` bins; the shape stays the same."""
    radius = int(_TRUNCATE * sigma + 0.5)
    offsets = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (offsets / sigma) ** 2)
    smoothed = values.astype(np.float64)
    for axis in range(smoothed.ndim):
        smoothed = np.apply_along_axis(_convolve, axis, smoothed, kernel / kernel.sum(), radius)
    return smoothed


def _convolve(line: NDArray[np.float64], kernel: NDArray[np.float64], radius: int) -> NDArray[np.float64]:
    return np.convolve(np.pad(line, radius, mode="symmetric"), kernel, mode="valid")
