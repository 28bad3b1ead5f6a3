"""The generalised Lomb-Scargle periodogram: floating mean, error weights, one to four terms, one or several filters.

Power is the fraction of χ² about a constant that the model takes away: 0 to 1, astropy's "standard" normalisation. In
several filters each has a mean, amplitudes and phases of its own and all share the frequency: VanderPlas & Ivezić 2015,
ApJ 812, 18, with N_base = 0. That is LombScargleMultiband(method="flexible", nterms_base=0), which takes a thousand
times as long; its method "fast" weights filters by the squares of their powers instead of their χ².
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from astropy.timeseries import LombScargle

from chalicelib.periodograms import fourier_sums
from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.least_squares import chi2_taken
from chalicelib.periodograms.light_curve import Band, LightCurve, fractions
from chalicelib.periodograms.maximum import Maximum, climb

_CACHED = 100_000  # points x frequencies


@dataclass(frozen=True)
class LombScarglePeriodogram:
    """Of a light curve, with so many terms."""

    light_curve: LightCurve
    terms: int

    @property
    def freedom(self) -> int:
        """Degrees of freedom that the model adds to a constant in each filter."""
        return 2 * self.terms * len(self.light_curve.bands)

    @property
    def resolution(self) -> float:
        """The width of a peak: two frequencies that are closer cannot be told apart."""
        return 1 / self.light_curve.baseline

    def on_grid(self, grid: Frequencies) -> Array:
        """Return the power at every frequency of a grid."""
        return np.concatenate(
            [self._combined([self._fast(band, chunk) for band in self._bands]) for chunk in grid.chunks()]
        )

    def at(self, frequencies: Array) -> Array:
        """Return the power at any frequencies."""
        return self._combined([self._direct(band, frequencies) for band in self._bands])

    def refined(self, frequencies: Array, step: float, limits: tuple[float, float]) -> list[Maximum]:
        """Return the maximum near each of some frequencies of the grid, with its standard deviation.

        One standard deviation away, χ² exceeds its least value by that over the degrees of freedom: by 1 if the errors
        are scaled so that the model fits.
        """
        tops, powers = climb(self._in_pieces, frequencies, step, limits)
        h = 0.05 * self.resolution / self.terms
        low, middle, high = self._in_pieces(np.concatenate([tops - h, tops, tops + h])).reshape(3, len(tops))
        curvature = (2 * middle - low - high) / h**2
        rest = self.light_curve.size - len(self.light_curve.bands) - self.freedom
        with np.errstate(divide="ignore", invalid="ignore"):
            errors = np.where(curvature > 0, np.sqrt(2 * (1 - middle) / (rest * curvature)), np.inf)
        widest = self.resolution / 2
        return [
            Maximum(float(top), float(power), min(float(error), widest))
            for top, power, error in zip(tops, powers, errors, strict=True)
        ]

    def _in_pieces(self, frequencies: Array) -> Array:
        """Return the power at any frequencies, at no more of them at once than fit into a processor's cache."""
        most = max(1, _CACHED // self.light_curve.size)
        return np.concatenate([self.at(frequencies[i : i + most]) for i in range(0, len(frequencies) or 1, most)])

    @property
    def _bands(self) -> Sequence[Band]:
        return self.light_curve.bands

    def _fast(self, band: Band, grid: Frequencies) -> Array:
        if self.terms == 1 and grid.number > 1:  # astropy reads the step off the grid
            with np.errstate(all="ignore"):  # where phases fall together it divides by zero
                found = LombScargle(band.t, band.y, band.dy).power(
                    grid.values, method="fast", assume_regular_frequency=True, method_kwds=fourier_sums.FAST
                )
            return np.asarray(band.chi2 * np.nan_to_num(found, nan=0.0, posinf=0.0, neginf=0.0))
        data = band.weights * band.residuals
        return chi2_taken(
            [fourier_sums.on_grid(band.t, band.weights, grid, k) for k in range(1, 2 * self.terms + 1)],
            [fourier_sums.on_grid(band.t, data, grid, k) for k in range(1, self.terms + 1)],
            float(band.weights.sum()),
        )

    def _direct(self, band: Band, frequencies: Array) -> Array:
        data = band.weights * band.residuals
        weights, values = fourier_sums.anywhere(band.t, (band.weights, data), frequencies, 2 * self.terms)
        return chi2_taken(weights, values[: self.terms], float(band.weights.sum()))

    def _combined(self, taken: Sequence[Array]) -> Array:
        """Return the power of all filters by what each takes of its χ²."""
        return fractions(np.sum(taken, axis=0), self.light_curve.chi2)
