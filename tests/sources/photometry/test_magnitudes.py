"""Conversions between fluxes and magnitudes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sources import magnitudes
from chalicelib.sources.photometry.measurement import Measurement


def test_3631_jansky_is_magnitude_zero_within_the_rounding_of_the_zero_point():
    assert magnitudes.mag_of_flux(3631e6) == pytest.approx(0.0, abs=1e-3)


@given(st.floats(-5, 35))
def test_a_magnitude_survives_its_flux(mag):
    assert magnitudes.mag_of_flux(magnitudes.flux_of_mag(mag)) == pytest.approx(mag, abs=1e-12)


@given(st.floats(10, 25), st.floats(1e-4, 1))
def test_an_error_survives_its_flux(mag, magerr):
    flux, fluxerr = magnitudes.flux_of_mag(mag), magnitudes.fluxerr_of_mag(mag, magerr)

    assert magnitudes.magerr_of_flux(flux, fluxerr) == pytest.approx(magerr, rel=1e-12)


def test_fluxes_of_magnitudes_are_what_numpy_computes():
    random = np.random.default_rng(20260302)
    mag, magerr = random.uniform(8, 26, 5000), 10 ** random.uniform(-3, 0.5, 5000)

    flux = 10 ** (-0.4 * (mag - 23.9))
    for expected, function, columns in (
        (flux, magnitudes.flux_of_mag, (mag,)),
        (magerr / (2.5 / np.log(10)) * flux, magnitudes.fluxerr_of_mag, (mag, magerr)),
        (flux / 3, magnitudes.fluxerr_of_limit, (mag,)),
    ):
        ours = np.array([function(*row) for row in zip(*(column.tolist() for column in columns), strict=True)])
        # numpy's power and the C library's differ in the last place on some processors, and what follows rounds again
        assert np.all(np.abs(ours - expected) <= 2 * np.spacing(expected)), function


@pytest.mark.parametrize("flux", [None, 0.0, -1.0])
def test_without_positive_flux_there_is_no_magnitude(flux):
    assert magnitudes.mag_of_flux(flux) is None
    assert magnitudes.magerr_of_flux(flux, 1.0) is None


def test_the_v_band_hardly_differs_between_the_systems():
    assert magnitudes.ab_offset("bessellv", "vega") == 0.02
    assert magnitudes.ab_offset("bessellv", "ab") == 0.0
    assert magnitudes.ab_offset("ztfg", "vega") is None


@given(st.lists(st.floats(-1e5, 1e5), min_size=2, max_size=20))
def test_keys_of_measurements_sort_by_time(times):
    keys = [Measurement("a", mjd, "ztfg", 1, 1.0, 1.0).key for mjd in times]

    assert [mjd for _, mjd in sorted(zip(keys, times, strict=True))] == sorted(times)


def test_keys_differ_with_everything_that_makes_a_measurement():
    known = Measurement("a", 59000.0, "ztfg", 1, 1.0, 1.0)
    others = [
        Measurement("b", 59000.0, "ztfg", 1, 1.0, 1.0),
        Measurement("a", 59000.000000001, "ztfg", 1, 1.0, 1.0),
        Measurement("a", 59000.0, "ztfr", 1, 1.0, 1.0),
        Measurement("a", 59000.0, "ztfg", 2, 1.0, 1.0),
        Measurement("a", 59000.0, "ztfg", 1, 1.0000001, 1.0),
        Measurement("a", 59000.0, "ztfg", 1, None, 1.0),
        Measurement("a", 59000.0, "ztfg", 1, 1.0, 1.1),
        Measurement("a", 59000.0, "ztfg", 1, 1.0, 1.0, origin="x"),
    ]

    assert len({one.key for one in [known, *others]}) == len(others) + 1
    assert Measurement("a", 59000.0, "ztfg", 1, 1.0, 1.0, limiting_mag=20.0, altdata={"b": 1}).key == known.key
