"""Distances: compared with astropy's Planck18."""

import math
import random

import pytest

from chalicelib.sources.cosmology import FURTHEST, luminosity_distance
from tests.support.late import Late

cosmology = Late("astropy.cosmology")


def test_random_redshifts():
    drawn = random.Random(18)
    for _ in range(300):
        redshift = 10 ** drawn.uniform(-4, 4)
        assert luminosity_distance(redshift) == pytest.approx(
            cosmology.Planck18.luminosity_distance(redshift).value, rel=1e-9
        )


@pytest.mark.parametrize("redshift", [1e-9, 0.00118, 0.0246, 0.1, 0.5, 1, 1.5, 6.5, 20, 1089.8, FURTHEST])
def test_some_redshifts(redshift):
    assert luminosity_distance(redshift) == pytest.approx(
        cosmology.Planck18.luminosity_distance(redshift).value, rel=1e-9
    )


def test_nothing_is_far():
    assert luminosity_distance(0.0) == 0.0
    assert luminosity_distance(5e-324) == pytest.approx(0.0)
    assert math.isfinite(luminosity_distance(FURTHEST))
