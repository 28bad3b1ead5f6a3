"""Periods from 0.05 to 500 days are found again; tests/deep looks for more of them."""

import numpy as np

from tests.periodograms.recovery import recover


def test_periods_of_all_lengths_are_found_with_the_errors_that_are_stated():
    recovery = recover(20, seed=1)

    assert recovery.found >= 19
    assert np.std(recovery.pulls) < 2
    assert np.std(recovery.pulls) > 0.4
