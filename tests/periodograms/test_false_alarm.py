"""False alarms: the estimates against astropy's, against their sources, and against noise."""

import math

import numpy as np
import pytest

from tests.periodograms.curves import grid, light_curve, noise, search, times
from tests.support.late import Late

timeseries = Late("astropy.timeseries")
boxes = Late("chalicelib.periodograms.box")
false_alarm = Late("chalicelib.periodograms.false_alarm")
lomb_scargle = Late("chalicelib.periodograms.lomb_scargle")

special = Late("scipy.special")
stats = Late("scipy.stats")


@pytest.fixture
def rng():
    return np.random.default_rng(21)


def test_for_one_term_the_probability_is_astropys(rng):
    curve = noise(rng, times())
    chosen = grid(curve.mjd, 0.1)
    ours = false_alarm.of_lomb_scargle(lomb_scargle.LombScarglePeriodogram(light_curve(curve), 1), chosen)
    powers = np.array([0.02, 0.04, 0.06, 0.1, 0.2])

    theirs = timeseries.LombScargle(curve.mjd, curve.mag, curve.magerr).false_alarm_probability(
        powers, method="baluev", maximum_frequency=chosen.last - chosen.first
    )

    np.testing.assert_allclose([ours.probability(power) for power in powers], theirs, rtol=1e-4)


@pytest.mark.parametrize("terms", [2, 3, 4])
def test_for_several_terms_it_is_at_most_two_percent_above_baluevs(rng, terms):
    curve = noise(rng, np.sort(rng.uniform(58000, 59000, 5000)))
    chosen = grid(curve.mjd, 0.1)
    ours = false_alarm.of_lomb_scargle(lomb_scargle.LombScarglePeriodogram(light_curve(curve), terms), chosen)
    z = 30.0

    found = ours.probability(2 * z / 5000)

    # MNRAS 395, 1541: equation 8 and table 1, for chi-squared and so for many points
    alpha = sum(
        (-1) ** (terms - k) * k ** (2 * terms + 1) / (math.factorial(terms + k) * math.factorial(terms - k))
        for k in range(1, terms + 1)
    ) * (2**terms / math.prod(range(1, 2 * terms, 2)))
    width = (chosen.last - chosen.first) * math.sqrt(4 * math.pi * light_curve(curve).bands[0].variance_of_times)
    expected = -math.expm1(-width * alpha * math.exp(-z) * z ** (terms - 0.5)) + special.gammaincc(terms, z)
    assert found == pytest.approx(expected, rel=0.2)


def test_at_one_frequency_it_is_the_tail_of_a_beta_distribution():
    from chalicelib.periodograms.false_alarm import _single

    for freedom, rest in ((2, 40), (8, 91), (12, 7)):
        for power in (0.01, 0.3, 0.9):
            expected = stats.beta.sf(power, freedom / 2, rest / 2)
            assert _single(power, freedom, rest) == pytest.approx(expected, rel=1e-9)


def test_a_level_is_the_power_that_has_this_probability(rng):
    curve = noise(rng, times())
    for alarms in (
        false_alarm.of_lomb_scargle(lomb_scargle.LombScarglePeriodogram(light_curve(curve), 2), grid(curve.mjd, 0.1)),
        false_alarm.of_box(boxes.BoxPeriodogram(light_curve(curve)), grid(curve.mjd, 1.0, oversampling=30)),
    ):
        for level in false_alarm.LEVELS:
            assert alarms.probability(alarms.level(level)) == pytest.approx(level, rel=1e-6)


@pytest.mark.parametrize("options", [{}, {"terms": 3}], ids=["one term", "three terms"])
def test_noise_exceeds_the_ten_percent_level_about_that_often(rng, options):
    exceeding = sum(_exceeds(noise(rng, times()[::4]), shortest=5.0, **options) for _ in range(80))

    assert 1 <= exceeding <= 17


def test_noise_exceeds_the_ten_percent_level_of_boxes_not_more_often(rng):
    mjd = times()[::4]

    assert sum(_exceeds(noise(rng, mjd), method="box", shortest=50.0, oversampling=20) for _ in range(30)) <= 7


def _exceeds(curve, **options):
    found = search(curve, **options)
    return found["peaks"][0]["power"] > found["false_alarm_levels"]["0.1"]
