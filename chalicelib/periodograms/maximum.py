"""A maximum of a periodogram, and the way up to it."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from chalicelib.periodograms.frequencies import Array

_POINTS = 9
_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Maximum:
    """Where a periodogram is highest, how high, and the standard deviation of where; cycles a day."""

    frequency: float
    power: float
    error: float


def climb(
    power_at: Callable[[Array], Array], frequency: float, step: float, limits: tuple[float, float]
) -> tuple[float, float]:
    """Return where a smooth power is highest within a step of a frequency and within the limits, and how high it is."""
    best, power = frequency, -np.inf
    for _ in range(_ROUNDS):
        around = np.clip(np.linspace(best - step, best + step, _POINTS), *limits)
        powers = power_at(around)
        k = int(np.argmax(powers))
        best, power = float(around[k]), float(powers[k])
        step /= (_POINTS - 1) / 2
    return best, power
