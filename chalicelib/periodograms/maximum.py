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
    power_at: Callable[[Array], Array], frequencies: Array, step: float, limits: tuple[float, float]
) -> tuple[Array, Array]:
    """Return where a smooth power is highest within a step of each frequency and within the limits, and how high it is.

    All of them climb together: one call of `power_at` a round.
    """
    best, power = frequencies, np.full(len(frequencies), -np.inf)
    rows = np.arange(len(frequencies))
    for _ in range(_ROUNDS):
        around = np.clip(np.linspace(best - step, best + step, _POINTS, axis=1), *limits)
        powers = power_at(around.ravel()).reshape(around.shape)
        highest = np.argmax(powers, axis=1)
        best, power = around[rows, highest], powers[rows, highest]
        step /= (_POINTS - 1) / 2
    return best, power
