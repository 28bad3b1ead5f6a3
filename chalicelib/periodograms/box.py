"""Box least squares: a periodic dip with a flat bottom, for transits and eclipses.

Kovács, Zucker & Mazeh 2002, A&A 391, 369. In fluxes relative to the median of each filter, so that a dip is as deep in
all of them. Power is the fraction of χ² about a constant level that the best box takes away, over all phases and the
durations below: 0 to 1.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from astropy.timeseries import BoxLeastSquares

from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.light_curve import Band, LightCurve, fractions
from chalicelib.periodograms.maximum import Maximum

DURATIONS = (0.01, 0.02, 0.04, 0.08, 0.16)
"""Of the box, as fractions of the period."""

_PHASES = 5
"""Steps in which the box is moved by the shortest duration."""

BOXES_OF_A_PERIOD = round(len(DURATIONS) * _PHASES / DURATIONS[0])

_FINE_PHASES = 15
_FINE_STEPS = 20
_RATIO = 1.15
"""Periods within this ratio are searched for the same durations."""


@dataclass(frozen=True, slots=True)
class Box:
    """The best dip at a period: days, fraction of the median flux, days since the light curve's epoch."""

    period: float
    duration: float
    depth: float
    middle: float


@dataclass(frozen=True)
class BoxPeriodogram:
    """Of a light curve."""

    light_curve: LightCurve

    @cached_property
    def flux(self) -> Band:
        """All filters together, in units of their medians."""
        return LightCurve([band.in_relative_flux() for band in self.light_curve.bands], self.light_curve.epoch).together

    @property
    def resolution(self) -> float:
        """The width of a peak, at most."""
        return 1 / self.light_curve.baseline

    def on_grid(self, grid: Frequencies) -> Array:
        """Return the power at every frequency of a grid."""
        return self._powers(grid.values, _PHASES)

    def at(self, frequencies: Array) -> Array:
        """Return the power at any rising frequencies, with the box moved in finer steps."""
        return self._powers(frequencies, _FINE_PHASES)

    def refined(self, frequencies: Array, step: float, limits: tuple[float, float]) -> list[Maximum]:
        """Return the maximum near each of some frequencies of the grid.

        Its error is half the width of the range around it in which χ² exceeds its least value by less than that over
        the degrees of freedom, as for `LombScarglePeriodogram`.
        """
        return [self._refined(float(frequency), step, limits) for frequency in frequencies]

    def _refined(self, frequency: float, step: float, limits: tuple[float, float]) -> Maximum:
        around = np.unique(np.clip(np.linspace(frequency - step, frequency + step, 2 * _FINE_STEPS + 1), *limits))
        powers = self.at(around)
        top = int(np.argmax(powers))
        power = float(powers[top])
        good = powers >= power - (1 - power) / (self.light_curve.size - 2)
        low, high = top, top
        while low > 0 and good[low - 1]:
            low -= 1
        while high < len(good) - 1 and good[high + 1]:
            high += 1
        width = max(float(around[high] - around[low]), step / _FINE_STEPS)
        return Maximum(float(around[top]), power, min(width / 2, self.resolution / 2))

    def box(self, period: float) -> Box:
        """Return the best dip at a period."""
        found = self._search.power(period, period * np.array(DURATIONS), objective="snr", oversample=_FINE_PHASES)
        return Box(period, float(found.duration[0]), float(found.depth[0]), float(found.transit_time[0]))

    @cached_property
    def _search(self) -> BoxLeastSquares:
        return BoxLeastSquares(self.flux.t, self.flux.y, self.flux.dy)

    def _powers(self, frequencies: Array, phases: int) -> Array:
        """Durations are fractions of the shortest period of each piece of the grid."""
        periods = 1 / frequencies[::-1]
        pieces = np.floor(np.log(periods / periods[0]) / np.log(_RATIO)).astype(int)
        found = [
            self._search.power(piece, piece[0] * np.array(DURATIONS), objective="snr", oversample=phases).power
            for piece in np.split(periods, np.flatnonzero(np.diff(pieces)) + 1)
        ]
        snr = np.nan_to_num(np.concatenate(found)[::-1], nan=0.0, neginf=0.0, posinf=0.0)
        return fractions(np.maximum(snr, 0.0) ** 2, self.flux.chi2)
