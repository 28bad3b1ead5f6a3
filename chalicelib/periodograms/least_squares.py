"""How much of χ² a truncated Fourier series takes away, from trigonometric sums, for many frequencies at once.

The model is c + Σ aₖ·cos(2πkft) + bₖ·sin(2πkft) for k = 1 … n (Palmer 2009, ApJ 695, 496); with n = 1 it is the
generalised Lomb-Scargle periodogram (Zechmeister & Kürster 2009, A&A 496, 577). The normal equations of all frequencies
are eliminated together, one array operation for each element; astropy solves them one by one for n > 1, which takes
twenty times as long.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chalicelib.periodograms.fourier_sums import Complex
from chalicelib.periodograms.frequencies import Array

_RANK = 1e-6
"""A column of which less than this is left, once the others are taken out, says nothing of its own and is left out.
That happens where phases fall together, as at one cycle a day when a telescope observes at one hour every night."""


class _Column(NamedTuple):
    """cos or sin of so many times the phase."""

    order: int
    is_sine: bool

    def sum(self, sums: Sequence[Complex]) -> Array:
        """Return its sum with the weights whose sums these are."""
        found = sums[self.order - 1]
        return found.imag if self.is_sine else found.real


def chi2_taken(weights: Sequence[Complex], data: Sequence[Complex], total: float) -> Array:
    """Return χ² of the weighted mean less that of the model, at each frequency.

    Parameters
    ----------
    weights : sequence
        Sums of the weights at the harmonics 1 to 2n.
    data : sequence
        Sums of the weights times the values less their mean, at the harmonics 1 to n.
    total : float
        The sum of the weights.
    """
    columns = [_Column(order, is_sine) for order in range(1, len(data) + 1) for is_sine in (False, True)]
    means = [column.sum(weights) / total for column in columns]
    # the mean of the data is zero already; the columns' is taken out here
    matrix = [
        [_product(weights, columns[i], columns[j], total) - total * means[i] * means[j] for j in range(i + 1)]
        for i in range(len(columns))
    ]
    return _eliminated(matrix, [column.sum(data) for column in columns], _RANK * total)


def _product(weights: Sequence[Complex], a: _Column, b: _Column, total: float) -> Array:
    """Return the weighted sum of the product of two columns, by the sum and the difference of their phases."""
    above = weights[a.order + b.order - 1]
    below = weights[abs(a.order - b.order) - 1] if a.order != b.order else np.full_like(above, total)
    if a.is_sine is b.is_sine:
        product: Array = below.real - above.real if a.is_sine else below.real + above.real
    else:
        sine, cosine = (a, b) if a.is_sine else (b, a)
        product = above.imag + np.sign(sine.order - cosine.order) * below.imag
    return product / 2


def _eliminated(matrix: list[list[Array]], right: list[Array], least: float) -> Array:
    """Return rᵀ·M⁻¹·r by LDLᵀ; of M the lower triangle is given, and what has a pivot below `least` is left out."""
    taken: Array = np.zeros_like(right[0])
    for k, column in enumerate(right):
        pivot = matrix[k][k]
        inverse = np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > least)
        taken += column * column * inverse
        for row in range(k + 1, len(right)):
            factor = matrix[row][k] * inverse
            right[row] = right[row] - factor * column
            for other in range(k + 1, row + 1):
                matrix[row][other] = matrix[row][other] - factor * matrix[other][k]
    return taken
