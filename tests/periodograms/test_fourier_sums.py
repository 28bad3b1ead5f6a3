"""Trigonometric sums, against themselves added up one by one."""

import numpy as np
import pytest

from chalicelib.periodograms.frequencies import Frequencies
from tests.periodograms.curves import times
from tests.support.late import Late

fourier_sums = Late("chalicelib.periodograms.fourier_sums")


@pytest.mark.parametrize("harmonic", [1, 4, 8])
@pytest.mark.parametrize("number", [1, 2, 3, 100, 40_001])
@pytest.mark.parametrize("first", [0.001, 17.3])
def test_sums_on_a_grid_are_right_to_1e_10_of_the_sum_of_the_weights(first, number, harmonic):
    t = times() - 58000
    weights = np.random.default_rng(6).uniform(0.1, 1, len(t))
    grid = Frequencies(first, 1 / (5 * np.ptp(t)), number)
    fast = fourier_sums.GridSums(t, grid, harmonic)

    found = np.concatenate([fast.of(weights, chunk) for chunk in grid.chunks()])

    assert len(found) == number
    some = np.unique(np.linspace(0, number - 1, 100).astype(int))
    phases = np.multiply.outer(harmonic * grid.values[some], t) % 1.0
    expected = np.exp(2j * np.pi * phases) @ weights
    assert np.abs(found[some] - expected).max() < 1e-10 * weights.sum()


@pytest.mark.parametrize("t", [np.zeros(3), np.array([0.0, 1.0, 2.0]), np.array([-0.1, 0.3])], ids=str)
def test_times_may_lie_on_the_points_of_the_grid_and_before_its_beginning(t):
    grid = Frequencies(0.25, 0.125, 9)

    found = fourier_sums.GridSums(t, grid).of(np.ones_like(t), grid)

    assert found == pytest.approx(np.exp(2j * np.pi * np.multiply.outer(grid.values, t)).sum(axis=1), abs=1e-10)
