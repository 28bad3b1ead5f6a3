"""Box least squares: transits and eclipses."""

import numpy as np
import pytest

from chalicelib.periodograms.frequencies import Frequencies
from tests.periodograms.curves import Measured, light_curve, noise, search, times
from tests.support.late import Late

boxes = Late("chalicelib.periodograms.box")

PERIOD, DURATION, DEPTH, MIDDLE = 3.7214, 0.15, 0.08, 58220.9


def transits(rng, mjd, offset=0.0):
    still = noise(rng, mjd)
    away = (mjd - MIDDLE + PERIOD / 2) % PERIOD - PERIOD / 2
    dimmed = -2.5 * np.log10(1 - DEPTH * (np.abs(away) < DURATION / 2))
    return Measured(mjd, still.mag + dimmed + offset, still.magerr)


@pytest.fixture
def rng():
    return np.random.default_rng(31)


def test_a_transit_is_found_with_its_duration_depth_and_time(rng):
    found = search(transits(rng, times()), method="box", shortest=0.5, oversampling=30)

    best, box = found["peaks"][0], found["box"]
    assert best["period"] == pytest.approx(PERIOD, rel=1e-3)
    assert abs(best["period"] - PERIOD) < 3 * best["period_error"]
    assert best["false_alarm_probability"] < 1e-6
    assert best["power"] > found["false_alarm_levels"]["0.001"]
    assert box["period"] == best["period"]
    assert box["duration"] == pytest.approx(DURATION, rel=0.3)
    assert box["depth"] == pytest.approx(DEPTH, rel=0.2)
    cycles = (box["mid_time"] - MIDDLE) / PERIOD
    assert abs(cycles - round(cycles)) < 0.02


def test_filters_are_brought_to_one_level(rng):
    mjd = times()
    found = search(
        transits(rng, mjd[::2]), transits(rng, mjd[1::2], offset=-1.3), method="box", shortest=1.0, oversampling=30
    )

    assert found["peaks"][0]["period"] == pytest.approx(PERIOD, rel=1e-3)
    assert found["box"]["depth"] == pytest.approx(DEPTH, rel=0.2)


def test_half_and_double_the_period_are_harmonics_of_it(rng):
    found = search(transits(rng, times()), method="box", shortest=1.0, oversampling=30)

    best = found["peaks"][0]["period"]
    harmonics = [peak for peak in found["peaks"] if peak["alias_of"] == best]
    assert harmonics
    assert any(abs(peak["period"] / best - ratio) < 0.01 for peak in harmonics for ratio in (0.5, 2))


def test_power_is_what_the_best_box_takes_of_chi_squared(rng):
    curve = transits(rng, times()[:150])
    periodogram = boxes.BoxPeriodogram(light_curve(curve))
    flux = periodogram.flux
    box = periodogram.box(PERIOD)
    away = (flux.t - box.middle + PERIOD / 2) % PERIOD - PERIOD / 2
    inside = np.abs(away) < box.duration / 2

    rest = sum(
        np.sum(flux.weights[part] * (flux.y[part] - np.average(flux.y[part], weights=flux.weights[part])) ** 2)
        for part in (inside, ~inside)
    )

    [power] = periodogram.at(np.array([1 / PERIOD]))
    assert power == pytest.approx(1 - rest / flux.chi2, rel=0.05)


def test_a_flare_is_no_dip(rng):
    curve = transits(rng, times())
    upside_down = Measured(curve.mjd, 2 * 17 - curve.mag, curve.magerr)
    at_the_period = Frequencies(1 / PERIOD, 1e-6, 2)

    dips, flares = (boxes.BoxPeriodogram(light_curve(each)).on_grid(at_the_period)[0] for each in (curve, upside_down))

    assert flares < dips / 3
