"""The generalised Lomb-Scargle periodogram, against astropy, SciPy and plain least squares."""

import numpy as np
import pytest

from chalicelib.periodograms.frequencies import Frequencies
from tests.periodograms.curves import Measured, grid, light_curve, noise, times, wave
from tests.support.late import Late

timeseries = Late("astropy.timeseries")
lomb_scargle = Late("chalicelib.periodograms.lomb_scargle")

signal = Late("scipy.signal")

TERMS = (1, 2, 3, 4)


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def fitted(curve, terms, frequency):
    """The power, from a fit by singular values: what a column repeats counts once."""
    phase = 2 * np.pi * frequency * (curve.mjd - 58000)
    columns = [np.ones_like(phase)]
    for k in range(1, terms + 1):
        columns += [np.cos(k * phase), np.sin(k * phase)]
    y = (curve.mag - np.average(curve.mag, weights=curve.magerr**-2)) / curve.magerr
    matrix = np.transpose(columns) / curve.magerr[:, None]
    rest = y - matrix @ np.linalg.lstsq(matrix, y, rcond=1e-6)[0]
    return 1 - np.sum(rest**2) / np.sum(y**2)


@pytest.mark.parametrize("terms", TERMS)
def test_power_is_that_of_a_least_squares_fit_on_the_grid_and_beside_it(rng, terms):
    curve = wave(rng, times(), 0.7)
    periodogram = lomb_scargle.LombScarglePeriodogram(light_curve(curve), terms)
    some = Frequencies(0.9, 0.0031, 400)

    expected = [fitted(curve, terms, frequency) for frequency in some.values]

    np.testing.assert_allclose(periodogram.on_grid(some), expected, atol=1e-6)
    np.testing.assert_allclose(periodogram.at(some.values), expected, atol=1e-9)


@pytest.mark.parametrize("terms", TERMS)
def test_power_is_astropys(rng, terms):
    curve = wave(rng, times(), 12.3)
    wanted = np.sort(rng.uniform(0.01, 20, 50))

    found = lomb_scargle.LombScarglePeriodogram(light_curve(curve), terms).at(wanted)

    astropys = timeseries.LombScargle(curve.mjd, curve.mag, curve.magerr, nterms=terms).power(wanted, method="chi2")
    np.testing.assert_allclose(found, astropys, atol=1e-8)


def test_power_is_scipys(rng):
    curve = wave(rng, times(), 3.3)
    chosen = grid(curve.mjd, 0.5)

    found = lomb_scargle.LombScarglePeriodogram(light_curve(curve), 1).on_grid(chosen)

    weights = curve.magerr**-2
    scipys = signal.lombscargle(
        curve.mjd - 58000,
        curve.mag,
        2 * np.pi * chosen.values,
        weights=weights / weights.sum(),
        floating_mean=True,
        normalize=True,
    )
    np.testing.assert_allclose(found, scipys, atol=1e-6)


@pytest.mark.parametrize("terms", [1, 2])
def test_filters_share_the_frequency_alone_as_in_astropys_multiband_model(rng, terms):
    curves = [wave(rng, part, 0.9, amplitude) for part, amplitude in ((times()[::2], 0.3), (times()[1::2], 0.1))]
    wanted = np.linspace(0.9, 1.3, 40)

    found = lomb_scargle.LombScarglePeriodogram(light_curve(*curves), terms).at(wanted)

    t, y, dy = (np.concatenate([getattr(curve, name) for curve in curves]) for name in ("mjd", "mag", "magerr"))
    bands = np.repeat(["g", "r"], [len(curve.mjd) for curve in curves])
    # astropy's model has a mean too many, so that it needs a little regularisation
    model = timeseries.LombScargleMultiband(t - 58000, y, bands, dy, nterms_base=0, nterms_band=terms, reg_band=1e-12)
    np.testing.assert_allclose(found, model.power(wanted, method="flexible"), atol=1e-6)


@pytest.mark.parametrize("terms", TERMS)
def test_where_phases_fall_together_power_is_that_of_what_can_be_told_apart(rng, terms):
    """Observed at one hour of the night: at one cycle a day there is one phase, at a third of it there are three."""
    mjd = 58000.25 + np.sort(rng.choice(400, 120, replace=False))
    curve = Measured(mjd, noise(rng, mjd).mag + 0.1 * np.sin(mjd), np.full(120, 0.05))
    periodogram = lomb_scargle.LombScarglePeriodogram(light_curve(curve), terms)
    wanted = np.array([1 / 3, 0.5, 1.0, 2.0])

    np.testing.assert_allclose(periodogram.at(wanted), [fitted(curve, terms, f) for f in wanted], atol=1e-6)


def test_a_star_that_does_not_vary_has_no_power():
    mjd = times()
    flat = Measured(mjd, np.full(len(mjd), 17.0), np.full(len(mjd), 0.1))

    assert not lomb_scargle.LombScarglePeriodogram(light_curve(flat), 1).on_grid(grid(mjd, 1.0)).any()
