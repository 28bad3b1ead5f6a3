"""The spectral window: what the times of observation alone make of a single frequency."""

import numpy as np

from chalicelib.periodograms import fourier_sums
from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.light_curve import LightCurve


def spectral_window(light_curve: LightCurve, grid: Frequencies) -> Array:
    """Return |Σ w·exp(2πift)|² / (Σ w)² at every frequency of a grid, w being the inverse variances: 1 at zero.

    Deeming 1975, Ap&SS 36, 137, with the weights of the fit.
    """
    band = light_curve.together
    weights = band.weights / band.weights.sum()
    sums = [fourier_sums.on_grid(band.t, weights, chunk) for chunk in grid.chunks()]
    window: Array = np.minimum(np.abs(np.concatenate(sums)) ** 2, 1.0)
    return window
