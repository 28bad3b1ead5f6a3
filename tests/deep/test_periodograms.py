"""Periodograms at full length: a hundred periods, and the largest light curves in the time that they may take."""

import time

import numpy as np
import pytest

from tests.periodograms.curves import search, wave
from tests.periodograms.recovery import recover


@pytest.mark.timeout(600)
def test_of_a_hundred_periods_95_are_found_with_the_errors_that_are_stated():
    recovery = recover(100, seed=2)

    assert recovery.found >= 95
    assert 0.8 < np.std(recovery.pulls) < 1.2


@pytest.mark.parametrize(
    ("options", "oversampling", "shortest"),
    [
        ({}, 10, 0.02),
        ({"terms": 4}, 10, 0.02),
        ({"method": "box"}, 30, 0.69),
    ],
    ids=["one term", "four terms", "box"],
)
def test_what_may_be_asked_at_most_takes_less_than_ten_seconds_of_one_core(options, oversampling, shortest):
    rng = np.random.default_rng(3)
    mjd = np.sort(rng.uniform(58000, 60000, 10_000))
    curve = wave(rng, mjd, 3.21)
    started = time.process_time()

    found = search(curve, shortest=shortest, oversampling=oversampling, **options)

    assert time.process_time() - started < 10
    assert len(found["peaks"]) == 10
