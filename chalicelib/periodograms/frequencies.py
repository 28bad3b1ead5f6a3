"""The grid of frequencies, in cycles a day."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_CHUNK = 32_768
"""So many at once keep the Fourier transforms within the processor's caches: several times as fast as all at once."""


@dataclass(frozen=True, slots=True)
class Frequencies:
    """Evenly spaced: `first`, `first` + `step`, …, `number` of them."""

    first: float
    step: float
    number: int

    @property
    def last(self) -> float:
        """The highest one."""
        return self.first + self.step * (self.number - 1)

    @property
    def values(self) -> Array:
        """All of them, rising."""
        return self.first + self.step * np.arange(self.number, dtype=np.float64)

    def chunks(self) -> Iterator["Frequencies"]:
        """Yield the grid in pieces, in order."""
        for start in range(0, self.number, _CHUNK):
            number = min(_CHUNK, self.number - start)
            yield Frequencies(self.first + self.step * start, self.step, number)
