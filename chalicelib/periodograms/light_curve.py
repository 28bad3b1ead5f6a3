"""A light curve in one filter, and in several."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from chalicelib.periodograms.frequencies import Array

_LN_OF_MAGNITUDE = 0.4 * np.log(10)

_NOTHING = 1e-12
"""χ² of rounding errors."""


@dataclass(frozen=True)
class Band:
    """Measurements in one filter: times in days, values, their standard deviations; one-dimensional, of one length."""

    t: Array
    y: Array
    dy: Array

    @cached_property
    def weights(self) -> Array:
        """Inverse variances."""
        weights: Array = self.dy**-2.0
        return weights

    @cached_property
    def residuals(self) -> Array:
        """The values less their weighted mean."""
        residuals: Array = self.y - np.average(self.y, weights=self.weights)
        return residuals

    @cached_property
    def chi2(self) -> float:
        """χ² of a constant."""
        return float(np.sum(self.weights * self.residuals**2))

    @cached_property
    def variance_of_times(self) -> float:
        """Weighted, in days squared."""
        mean = np.average(self.t, weights=self.weights)
        return float(np.average((self.t - mean) ** 2, weights=self.weights))

    def in_relative_flux(self) -> "Band":
        """Turn magnitudes into fluxes, in units of the median."""
        flux = 10 ** (-0.4 * (self.y - np.median(self.y)))
        return Band(self.t, flux, _LN_OF_MAGNITUDE * self.dy * flux)


def fractions(taken: Array, chi2: float) -> Array:
    """Return what a model takes of χ² as a fraction, 0 to 1; nothing can be taken from what does not vary."""
    found: Array = np.clip(taken / chi2, 0.0, 1.0) if chi2 > _NOTHING else np.zeros_like(taken)
    return found


@dataclass(frozen=True)
class LightCurve:
    """One or several filters; times count from `epoch`, so that phases keep their precision."""

    bands: Sequence[Band]
    epoch: float

    @cached_property
    def size(self) -> int:
        """The number of measurements."""
        return sum(len(band.t) for band in self.bands)

    @cached_property
    def chi2(self) -> float:
        """χ² of a constant in each filter."""
        return sum(band.chi2 for band in self.bands)

    @cached_property
    def together(self) -> Band:
        """All measurements as if they were of one filter."""
        return Band(
            np.concatenate([band.t for band in self.bands]),
            np.concatenate([band.y for band in self.bands]),
            np.concatenate([band.dy for band in self.bands]),
        )

    @cached_property
    def baseline(self) -> float:
        """Days from the first to the last measurement."""
        return float(np.ptp(self.together.t))
