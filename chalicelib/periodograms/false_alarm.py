"""How likely noise alone makes a peak as high as this, anywhere in the range of frequencies.

Noise means independent Gaussian errors in the proportions of the error bars, of unknown scale. The degrees of freedom
are even, so that incomplete beta functions are finite sums and need no library.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from chalicelib.periodograms.box import BOXES_OF_A_PERIOD, BoxPeriodogram
from chalicelib.periodograms.frequencies import Frequencies
from chalicelib.periodograms.lomb_scargle import LombScarglePeriodogram

LEVELS = (0.1, 0.01, 0.001)
_BISECTIONS = 60


@dataclass(frozen=True, slots=True)
class FalseAlarms:
    """The estimate's name, and the probability by power."""

    method: str
    probability: Callable[[float], float]

    def level(self, probability: float) -> float:
        """Return the power that noise exceeds this often."""
        low, high = 0.0, 1.0
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            low, high = (middle, high) if self.probability(middle) > probability else (low, middle)
        return high


def of_lomb_scargle(periodogram: LombScarglePeriodogram, grid: Frequencies) -> FalseAlarms:
    """Return the upper bound of Baluev 2008, MNRAS 385, 1279, by the rate at which noise crosses a level upwards.

    For one term in one filter it is his equation for unknown variance, and astropy's "baluev". For d degrees of
    freedom (two for each term and filter) the rate is that of a process with d components (Davies 1987, Biometrika 74,
    33), with the root of their mean square bandwidth: at most 2 % above Baluev 2009, MNRAS 395, 1541, for 2 to 4 terms.
    """
    curve, terms, d = periodogram.light_curve, periodogram.terms, periodogram.freedom
    rest = curve.size - len(curve.bands) - d
    spread = sum(band.variance_of_times for band in curve.bands) / len(curve.bands)
    squares = (terms + 1) * (2 * terms + 1) / 6  # mean of k² for k = 1 … terms
    trials = (grid.last - grid.first) * math.sqrt(4 * math.pi * spread * squares)
    scale = math.lgamma((rest + d) / 2) - math.lgamma(d / 2) - math.lgamma((rest + 1) / 2)

    def probability(power: float) -> float:
        if power >= 1:
            return 0.0
        crossings = trials * math.exp(scale) * power ** ((d - 1) / 2) * (1 - power) ** ((rest - 1) / 2)
        return -math.expm1(-crossings) + _single(power, d, rest) * math.exp(-crossings)

    return FalseAlarms("baluev", probability)


def of_box(periodogram: BoxPeriodogram, grid: Frequencies) -> FalseAlarms:
    """Return Bonferroni's upper bound: one box's chance, times the number of boxes that are tried on the grid."""
    rest = periodogram.light_curve.size - 2
    trials = grid.number * BOXES_OF_A_PERIOD
    constant = math.lgamma((rest + 1) / 2) - math.lgamma(rest / 2) - math.lgamma(0.5) - math.log(rest)

    def probability(power: float) -> float:
        if power >= 1:
            return 0.0
        if power <= 0:
            return 1.0
        # the tail of Student's t on one side: I(1 - P; rest/2, 1/2) / 2 is at most this
        single = min(0.5, math.exp(constant + rest / 2 * math.log1p(-power) - math.log(power) / 2))
        return -math.expm1(trials * math.log1p(-single))

    return FalseAlarms("bonferroni", probability)


def _single(power: float, freedom: int, rest: int) -> float:
    """Return how often noise exceeds a power at one frequency: I(1 - P; rest/2, freedom/2) for even `freedom`."""
    terms = (
        math.exp(math.lgamma(rest / 2 + j) - math.lgamma(rest / 2) - math.lgamma(j + 1)) * power**j
        for j in range(freedom // 2)
    )
    return math.pow(1 - power, rest / 2) * math.fsum(terms)
