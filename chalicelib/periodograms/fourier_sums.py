"""Trigonometric sums over a light curve: by a fast transform on a grid of frequencies, or directly anywhere.

On a grid the light curve is convolved with a Kaiser-Bessel function, sampled twice as finely as the highest frequency
asks for, transformed, and divided by the function's own transform (Fessler & Sutton 2003, IEEE Trans. Signal Process.
51, 560). astropy's extirpolation takes a grid eight times as fine, eight times as long, and is less exact.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from chalicelib.periodograms.frequencies import Array, Frequencies

Complex = npt.NDArray[np.complex128]

_WIDTH = 12
"""Of the function, in points of the fine grid: the sums are right to 1e-11 of the sum of the weights."""

_OVERSAMPLING = 2
_SHAPE = 0.98 * np.pi * _WIDTH * (1 - 1 / (2 * _OVERSAMPLING))
"""Hardly less than where the function's transform would rise again within what the fine grid takes for its like."""

_SMALLEST = 32  # points; no fewer than the width


class GridSums:
    """Σ h·exp(2πi·k·f·t) for any weights h, and every frequency f of any piece of a grid.

    Parameters
    ----------
    t : Array
        Times.
    grid : Frequencies
        It is taken in its `chunks`.
    harmonic : int
        The k.
    """

    def __init__(self, t: Array, grid: Frequencies, harmonic: int = 1) -> None:
        longest = next(grid.chunks()).number
        self._size = max(_SMALLEST, 1 << (_OVERSAMPLING * longest - 1).bit_length())
        self._turn = harmonic * t
        place = (grid.step * self._turn) % 1.0 * self._size
        points = np.ceil(place - _WIDTH / 2).astype(np.int64) + np.arange(_WIDTH)[:, np.newaxis]
        self._spread = np.i0(_SHAPE * np.sqrt(np.maximum(0.0, 1 - ((points - place) * (2 / _WIDTH)) ** 2)))
        self._points = (points % self._size).ravel()

    def of(self, h: Array, chunk: Frequencies) -> Complex:
        """Return the sums with weights that belong to the times, at the frequencies of one of the grid's chunks."""
        before = chunk.number // 2  # the transform is of frequencies on both sides of the middle one
        moved = h * np.exp(2j * np.pi * ((chunk.first + chunk.step * before) * self._turn))
        fine = np.empty(self._size, dtype=np.complex128)
        fine.real = np.bincount(self._points, (self._spread * moved.real).ravel(), self._size)
        fine.imag = np.bincount(self._points, (self._spread * moved.imag).ravel(), self._size)
        sums = np.fft.ifft(fine, norm="forward")
        found: Complex = np.concatenate([sums[self._size - before :], sums[: chunk.number - before]])
        return found / _transform(chunk.number, self._size)


@lru_cache(maxsize=4)
def _transform(number: int, size: int) -> Array:
    """Return the transform of the Kaiser-Bessel function at so many frequencies about zero, of a grid of this size."""
    root = np.sqrt(_SHAPE**2 - (np.pi * _WIDTH * (np.arange(number) - number // 2) / size) ** 2)
    transform: Array = _WIDTH * np.sinh(root) / root
    return transform


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
