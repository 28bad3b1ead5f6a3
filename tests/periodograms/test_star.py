"""The real variable star ZTF18aabcvnq, of which two filters and the non-detections tell the same."""

import numpy as np
import pytest

from tests.periodograms.curves import rows, search, star

HALF_ORBIT = 0.0550420
"""Days. Both filters are faint once in it, and see it among their best peaks each for itself."""


def test_both_filters_together_find_the_period_beyond_doubt():
    found = search(star("ztfg"), star("ztfr"), shortest=0.04)

    best = found["peaks"][0]
    assert best["period"] == pytest.approx(HALF_ORBIT, rel=1e-5)
    assert best["false_alarm_probability"] < 1e-6
    daily = [peak for peak in found["peaks"] if peak["alias_of"] == best["period"]]
    assert any(abs(abs(1 / peak["period"] - 1 / best["period"]) - 1.0027) < 1e-3 for peak in daily)


@pytest.mark.parametrize("name", ["ztfg", "ztfr"])
def test_each_filter_sees_it(name):
    periods = [peak["period"] for peak in search(star(name), shortest=0.04)["peaks"]]

    assert any(period == pytest.approx(HALF_ORBIT, rel=1e-5) for period in periods[:3])


def test_two_terms_prefer_twice_the_period_with_two_unequal_minima():
    best = search(star("ztfg"), star("ztfr"), shortest=0.04, terms=2)["peaks"][0]

    assert best["period"] == pytest.approx(2 * HALF_ORBIT, rel=1e-4)


def test_the_star_is_not_detected_when_it_is_faint():
    """Non-detections were not fitted: that they come where the curve is faint confirms the period."""
    seen = np.concatenate([star(name).mjd for name in ("ztfg", "ztfr")])
    unseen = np.array([float(row["mjd"]) for row in rows() if not row["flux"]])
    best = search(star("ztfg"), star("ztfr"), shortest=0.04)["peaks"][0]["period"]

    def vector(mjd):
        return np.mean(np.exp(2j * np.pi * (mjd / best)))

    assert abs(vector(seen)) > 0.4
    assert abs(vector(unseen)) > 0.2
    assert abs(np.angle(vector(seen) / vector(unseen))) > 2.5
