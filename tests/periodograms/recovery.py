"""How well periods are found again in made-up light curves with real times of observation."""

from dataclasses import dataclass

import numpy as np

from tests.periodograms.curves import search, times, wave


@dataclass(frozen=True)
class Recovery:
    """The errors of the best period, relative and in units of what the periodogram says of them."""

    relative: list[float]
    pulls: list[float]

    @property
    def found(self) -> int:
        """How many are right to 1e-3."""
        return sum(abs(error) < 1e-3 for error in self.relative)


def recover(number: int, seed: int) -> Recovery:
    """Search for so many periods between 0.05 and 500 days, evenly spread in their logarithm, from 0.04 d on."""
    rng = np.random.default_rng(seed)
    relative, pulls = [], []
    for period in np.geomspace(0.05, 500, number):
        best = search(wave(rng, times(), period), shortest=0.04)["peaks"][0]
        relative.append(best["period"] / period - 1)
        pulls.append((best["period"] - period) / best["period_error"])
    return Recovery(relative, pulls)
