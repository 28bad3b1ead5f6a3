"""The best peaks of a periodogram."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.maximum import Maximum

MOST_PEAKS = 10

_CANDIDATES = 30
"""More than are kept: between the points of a coarse grid a lower one may be the higher."""

_TOLERANCE = 0.01
_ROUNDS = 5

Places = npt.NDArray[np.intp]


class Searched(Protocol):
    """A periodogram whose peaks are wanted."""

    @property
    def resolution(self) -> float:
        """The width of a peak, in cycles a day."""

    def at(self, frequencies: Array) -> Array:
        """Return the power at rising frequencies."""

    def refined(self, frequencies: Array, step: float, limits: tuple[float, float]) -> list[Maximum]:
        """Return the maximum near each of some frequencies of the grid."""


def best_peaks(searched: Searched, grid: Frequencies, power: Array) -> list[Maximum]:
    """Return the highest peaks, refined between the points of the grid, highest first.

    `power` is set right where the fast sums are wrong: where phases fall together they divide nothing by nothing.
    """
    places = _candidates(searched, grid, power)
    limits = (grid.first, grid.last)
    found = searched.refined(grid.values[places], grid.step, limits)
    return sorted(found, key=lambda peak: peak.power, reverse=True)[:MOST_PEAKS]


def _candidates(searched: Searched, grid: Frequencies, power: Array) -> Places:
    values = grid.values
    apart = searched.resolution / grid.step
    for _ in range(_ROUNDS):
        places = np.sort(_highest(power, apart))
        right = searched.at(values[places])
        wrong = power[places] - right > _TOLERANCE
        power[places[wrong]] = right[wrong]
        if not wrong.any():
            break
    return places


def _highest(power: Array, apart: float) -> Places:
    """Return the places of the highest local maxima that are so many points apart."""
    padded = np.concatenate([[-1.0], power, [-1.0]])
    maxima = np.flatnonzero((power > padded[:-2]) & (power >= padded[2:]))
    free = np.ones(len(power), dtype=bool)
    found: list[int] = []
    for place in maxima[np.argsort(power[maxima])[::-1]]:
        if free[place]:
            found.append(int(place))
            free[max(0, int(place - apart)) : int(place + apart) + 1] = False
            if len(found) == _CANDIDATES:
                break
    return np.array(found, dtype=np.intp)
