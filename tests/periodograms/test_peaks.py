"""Peaks: refined, in order, and which of them are aliases; the curves around them."""

import numpy as np
import pytest

from chalicelib.periodograms.aliases import SIDEREAL_DAY, aliases
from chalicelib.periodograms.frequencies import Frequencies
from chalicelib.periodograms.thinning import thinned
from tests.periodograms.curves import Measured, grid, light_curve, noise, search, times, wave
from tests.support.late import Late

windows = Late("chalicelib.periodograms.window")


@pytest.fixture
def rng():
    return np.random.default_rng(41)


def test_peaks_lie_between_the_points_of_the_grid_and_on_the_curve(rng):
    found = search(wave(rng, times(), 2.345), shortest=0.3, oversampling=2)

    powers = [peak["power"] for peak in found["peaks"]]
    curve = dict(zip(found["frequency"], found["power"], strict=True))
    assert len(powers) == 10
    assert powers == sorted(powers, reverse=True)
    assert powers[0] == max(curve.values())
    for peak in found["peaks"]:
        [frequency] = [f for f in curve if f == pytest.approx(1 / peak["period"], rel=1e-12)]
        assert curve[frequency] == peak["power"]


def test_a_coarse_and_a_fine_grid_lead_to_the_same_best_peak(rng):
    curve = wave(rng, times(), 0.1234567)

    coarse, fine = (search(curve, shortest=0.1, oversampling=number)["peaks"][0] for number in (2, 20))

    assert coarse["period"] == pytest.approx(fine["period"], abs=fine["period_error"] / 10)
    assert coarse["power"] == pytest.approx(fine["power"], rel=1e-6)


def test_frequencies_rise_and_no_more_are_sent_than_a_plot_can_show(rng):
    found = search(noise(rng, times()), shortest=0.02)

    for curve in (found, found["window"]):
        assert all(np.diff(curve["frequency"]) > 0)
        assert len(curve["frequency"]) == len(curve["power"]) <= 4_100
        assert all(0 <= power <= 1 for power in curve["power"])


def test_thinning_keeps_what_is_highest_and_lowest_wherever_it_is(rng):
    power = rng.uniform(0.2, 0.3, 500_000)
    power[[0, 123_456, 499_999]] = [0.7, 0.9, 0.8]
    power[77_777] = 0.0
    points = Frequencies(0.001, 0.0002, 500_000)

    frequency, kept = thinned(points, power)

    assert {0.7, 0.8, 0.9, 0.0} <= set(kept)
    assert len(frequency) <= 4_000
    assert np.sum(frequency < 1) > 500  # what a plot against the period shows of its long half
    shown = dict(zip(frequency, kept, strict=True))
    assert all(power[round((f - 0.001) / 0.0002)] == p for f, p in shown.items())


def test_a_short_curve_is_kept_whole(rng):
    points = Frequencies(0.5, 0.1, 20)
    power = rng.uniform(size=20)

    frequency, kept = thinned(points, power)

    np.testing.assert_array_equal(frequency, points.values)
    np.testing.assert_array_equal(kept, power)


def test_the_daily_rhythm_of_real_observations_makes_aliases_that_are_named(rng):
    found = search(wave(rng, times(), 2.345), shortest=0.3)

    best, *others = found["peaks"]
    assert best["alias_of"] is None
    daily = [peak for peak in others if peak["alias_of"] == best["period"]]
    offsets = [abs(1 / peak["period"] - 1 / best["period"]) for peak in daily] + [
        1 / peak["period"] + 1 / best["period"] for peak in daily
    ]
    assert any(offset == pytest.approx(1 / SIDEREAL_DAY, abs=2e-3) for offset in offsets)


@pytest.mark.parametrize("of", [0.31, 2.7])
def test_aliases_are_those_of_solar_and_sidereal_days_and_of_harmonics(of):
    days = [of + 1, abs(of - 1), of + 2, abs(of - 2), of + 1 / SIDEREAL_DAY, abs(of - 1 / SIDEREAL_DAY)]
    harmonics = [2 * of, 3 * of, of / 2, of / 3]

    assert aliases([of, *days, *harmonics], width=1e-6) == [None, *[0] * 10]


def test_what_has_nothing_to_do_with_a_stronger_peak_is_no_alias():
    assert aliases([0.31, 0.3123, 1.7, 5.1], width=1e-3) == [None, None, None, 2]


def test_the_window_of_one_observation_a_night_is_full_at_one_cycle_a_day(rng):
    mjd = 58000 + np.sort(rng.choice(300, 100, replace=False)).astype(float)
    curve = Measured(mjd, mjd * 0, np.full(100, 0.1))
    chosen = Frequencies(0.25, 0.25, 5)

    window = windows.spectral_window(light_curve(curve), chosen)

    assert window[3] == pytest.approx(1.0)
    assert max(window[[0, 1, 2, 4]]) < 0.2


def test_the_window_is_the_transform_of_the_weights(rng):
    curve = noise(rng, times(), 0.01, 0.2)
    chosen = grid(curve.mjd, 0.4)

    found = windows.spectral_window(light_curve(curve), chosen)

    weights = curve.magerr**-2 / np.sum(curve.magerr**-2)
    turns = np.exp(2j * np.pi * np.multiply.outer(chosen.values, curve.mjd - 58000))
    np.testing.assert_allclose(found, np.abs(np.einsum("ft,t->f", turns, weights)) ** 2, atol=1e-6)


@pytest.mark.parametrize("terms", [1, 4])
def test_ten_points_once_a_night_are_answered_with_finite_numbers(rng, terms):
    mjd = 58000.5 + np.arange(10)
    found = search(noise(rng, mjd), shortest=0.04, terms=terms)

    numbers = [value for peak in found["peaks"] for name, value in peak.items() if name != "alias_of"]
    assert np.isfinite([*numbers, *found["power"], *found["false_alarm_levels"].values()]).all()
    assert max(found["power"]) == found["peaks"][0]["power"]
