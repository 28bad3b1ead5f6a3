"""`GET /api/sources/<id>/periodogram`, as callers see it."""

import math
import random
from urllib.parse import urlencode

import pytest

from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user

PERIOD = 1.2345
KEYS = {"method", "n_points", "frequency", "power", "false_alarm_levels", "peaks", "window", "folded"}


def wave(number, *, period=PERIOD, seed=1, first=59000.0, days=80.0, dip=False):
    """Columns of a variable star, in magnitudes."""
    chance = random.Random(seed)
    mjd = sorted(first + days * chance.random() for _ in range(number))

    def shape(t):
        return (0.3 if (t / period) % 1 < 0.08 else 0.0) if dip else 0.3 * math.sin(2 * math.pi * t / period)

    mag = [18 + shape(t) + chance.gauss(0, 0.02) for t in mjd]
    return {"mjd": mjd, "mag": mag, "magerr": 0.02, "limiting_mag": 21.0}


def post(sky, columns, name="ztfg", api=None, **fields):
    body = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "filter": name, "magsys": "ab"}
    return (api or sky.user).post("/api/photometry", {**body, **columns, **fields}).data["ids"]


def ask(sky, api=None, **query):
    return (api or sky.user).get(f"{sky.source}/periodogram?{urlencode(query)}")


def refused(sky, **query):
    code, message = ask(sky, **query).error
    assert code == 400
    return message


def test_a_period_is_found_and_the_light_curve_folded_at_it(sky):
    columns = wave(60)
    post(sky, columns)

    found = ask(sky).data

    best = found["peaks"][0]
    assert set(found) >= KEYS
    assert (found["method"], found["n_points"], found["filters"]) == ("lomb_scargle", 60, ["ztfg"])
    assert best["period"] == pytest.approx(PERIOD, rel=1e-3)
    assert abs(best["period"] - PERIOD) < 5 * best["period_error"]
    assert set(best) == {"period", "period_error", "power", "false_alarm_probability", "alias_of"}
    assert best["alias_of"] is None
    assert best["false_alarm_probability"] < 1e-6
    assert set(found["false_alarm_levels"]) == {"0.1", "0.01", "0.001"}
    assert best["power"] > found["false_alarm_levels"]["0.001"] > found["false_alarm_levels"]["0.1"]
    assert found["false_alarm_method"] == "baluev"
    assert found["frequency"] == sorted(set(found["frequency"]))
    assert max(found["power"]) == best["power"]
    folded = found["folded"]
    assert folded["period"] == best["period"]
    assert {len(folded[name]) for name in ("phase", "mag", "magerr", "filter")} == {60}
    assert folded["mag"] == pytest.approx(columns["mag"])
    assert folded["phase"] == pytest.approx(
        [((t - folded["epoch"]) / best["period"]) % 1 for t in columns["mjd"]], abs=1e-6
    )


def test_it_folds_at_any_period_asked_for(sky):
    post(sky, wave(30))

    found = ask(sky, period=2.5).data

    assert found["folded"]["period"] == 2.5
    assert found["peaks"][0]["period"] == pytest.approx(PERIOD, rel=1e-2)
    assert all(0 <= phase < 1 for phase in found["folded"]["phase"])


def test_limits_non_detections_and_what_is_below_three_errors_are_no_points(sky):
    post(sky, wave(20))
    post(sky, {"mjd": [59100.0, 59101.0], "mag": None, "magerr": None, "limiting_mag": 20.0})
    post(sky, {"mjd": [59102.0, 59103.0], "flux": [2.0, -5.0], "fluxerr": 1.0, "zp": 23.9})

    assert ask(sky).data["n_points"] == 20


def test_filters_instruments_and_times_choose_the_points(sky):
    post(sky, wave(20))
    post(sky, wave(15, seed=2), "ztfr")
    post(sky, wave(12, seed=3, first=60000.0), "sdssr")

    def count(**query):
        found = ask(sky, **query).data
        return found["n_points"], found["filters"]

    assert count() == (47, ["sdssr", "ztfg", "ztfr"])
    assert count(filters="ztfg,ztfr") == (35, ["ztfg", "ztfr"])
    assert count(filters="ztfr") == (15, ["ztfr"])
    assert count(instruments=str(sky.instrument_id)) == (47, ["sdssr", "ztfg", "ztfr"])
    assert "has 0, and at least 10 points" in refused(sky, instruments=str(sky.instrument_id + 1000))
    assert count(**{"from": "2023-02-01"}) == (12, ["sdssr"])
    assert count(to="20230201T000000Z") == (35, ["ztfg", "ztfr"])
    assert count(**{"from": "mjd:59999.5", "to": "MJD:60100"}) == (12, ["sdssr"])


def test_several_filters_are_searched_together_each_with_a_mean_of_its_own(sky):
    post(sky, wave(25))
    shifted = wave(25, seed=5)
    post(sky, {**shifted, "mag": [mag - 2 for mag in shifted["mag"]]}, "ztfr")

    found = ask(sky).data

    assert found["peaks"][0]["period"] == pytest.approx(PERIOD, rel=1e-3)
    assert found["peaks"][0]["power"] > 0.9
    assert sorted(set(found["folded"]["filter"])) == ["ztfg", "ztfr"]


def test_dips_are_found_with_boxes(sky):
    post(sky, wave(200, period=2.718, dip=True))

    found = ask(sky, method="box").data

    assert (found["method"], found["false_alarm_method"]) == ("box", "bonferroni")
    assert found["peaks"][0]["period"] == pytest.approx(2.718, rel=2e-3)
    assert found["box"]["period"] == found["peaks"][0]["period"]
    assert found["box"]["depth"] == pytest.approx(0.24, abs=0.05)


@pytest.mark.parametrize("terms", [2, 3, 4])
def test_several_terms_may_be_asked_for(sky, terms):
    post(sky, wave(40))

    found = ask(sky, terms=terms, max_period=2).data

    assert found["terms"] == terms
    assert found["peaks"][0]["power"] > 0.95


def test_periods_are_searched_between_the_limits(sky):
    columns = wave(30)
    post(sky, columns)
    span = columns["mjd"][-1] - columns["mjd"][0]

    found = ask(sky, min_period=0.5, max_period=20, oversampling=7).data

    assert (found["min_period"], found["max_period"]) == pytest.approx((0.5, 20))
    assert all(0.5 * 0.999999 <= peak["period"] <= 20 * 1.000001 for peak in found["peaks"])
    assert found["oversampling"] == 7
    assert found["n_frequencies"] == pytest.approx((2 - 0.05) * span * 7, abs=2)


def test_nine_points_are_too_few_and_ten_enough(sky):
    columns = wave(10)
    ids = post(sky, columns)
    assert ask(sky, terms=4).data["n_points"] == 10

    sky.user.delete(f"/api/photometry/{ids[0]}")

    message = refused(sky)
    assert "ztfg has 9" in message
    assert "10 points" in message


def test_a_filter_with_too_few_points_is_named_with_the_way_out(sky):
    post(sky, wave(15))
    post(sky, wave(4, seed=2), "ztfr")

    assert "ztfr has 4" in refused(sky)
    assert "filters=ztfg." in refused(sky)
    assert "bessellv has 0" in refused(sky, filters="ztfg,bessellv")
    assert ask(sky, filters="ztfg").data["n_points"] == 15


def test_a_source_without_photometry_has_no_periodogram(sky):
    assert "10 points" in refused(sky)


def test_too_many_frequencies_are_refused_with_what_to_narrow(sky):
    post(sky, wave(20))

    for query in ({"min_period": 1e-5}, {"min_period": 0.04, "oversampling": 5000}, {"min_period": 1e-100}):
        message = refused(sky, **query)
        assert "too many" in message
        assert {"min_period", "max_period", "oversampling"} <= set(message.replace(",", " ").split())


@pytest.mark.parametrize("method", ["lomb_scargle", "box"])
def test_what_is_not_asked_for_is_chosen_so_that_it_is_never_too_much(sky, method):
    post(sky, {**wave(12), "mjd": [50000.0, *(59000.0 + number**1.5 for number in range(11))]})

    found = ask(sky, method=method, oversampling=60).data

    assert found["n_frequencies"] <= 1_000_000


@pytest.mark.parametrize(
    "query",
    [
        {"min_period": "short"},
        {"min_period": "nan"},
        {"min_period": "-1"},
        {"min_period": "0"},
        {"max_period": "inf"},
        {"min_period": "3", "max_period": "2"},
        {"min_period": "2", "max_period": "2"},
        {"min_period": "9000"},
        {"method": "guess"},
        {"terms": "5"},
        {"terms": "0"},
        {"terms": "two"},
        {"oversampling": "many"},
        {"oversampling": "0"},
        {"period": "nan"},
        {"period": "-2"},
        {"instruments": "ZTF"},
        {"from": "yesterday"},
        {"from": "59000"},
        {"to": "59000.5"},
        {"to": "mjd:now"},
        {"from": "2026-02-01", "to": "2026-01-01"},
    ],
    ids=str,
)
def test_what_is_no_question_is_refused(sky, query):
    post(sky, wave(12))

    assert any(name in refused(sky, **query) for name in query)


def test_points_that_are_not_shared_with_the_caller_are_not_in_it(sky):
    member = sky.member()
    apart = make_group(sky.admin, members=[sky.user])
    post(sky, wave(20))
    post(sky, wave(30, seed=7), "ztfr", group_ids=[apart])

    assert ask(sky).data["n_points"] == 50
    assert ask(sky, member).data["n_points"] == 20
    assert ask(sky, member).data["filters"] == ["ztfg"]


def test_a_source_that_the_caller_may_not_see_is_not_there(sky):
    post(sky, wave(20))

    for api, path in ((sky.outsider(), sky.source), (sky.user, "/api/sources/nowhere")):
        assert api.get(f"{path}/periodogram").error == (404, "Source not found")


def test_points_of_one_moment_have_no_period(sky):
    post(sky, {"mjd": 59000.0, "mag": [18 + number / 100 for number in range(12)], "magerr": 0.1})

    assert "same time" in refused(sky)


def test_a_star_that_does_not_vary_is_answered(sky):
    post(sky, {**wave(20), "mag": 18.0})

    found = ask(sky).data

    assert found["n_points"] == 20
    assert all(0 <= power <= 1 for power in found["power"])


def test_the_best_period_is_saved_as_an_annotation(sky):
    """As docs/periodogram.md shows it."""
    post(sky, wave(40))
    best = ask(sky).data["peaks"][0]
    data = {"period": best["period"], "period_error": best["period_error"], "power": best["power"]}

    sky.user.post(f"{sky.source}/annotations", {"origin": "periodogram", "data": data}).data  # noqa: B018 - checks

    [annotation] = sky.user.get(sky.source).data["annotations"]
    assert (annotation["origin"], annotation["data"]) == ("periodogram", data)


def test_it_takes_one_query_and_one_invocation(sky):
    post(sky, wave(12))
    ask(sky)

    with recorded_aws_calls() as calls:
        ask(sky)

    assert calls == ["Query", "Invoke"]


def test_somebody_who_may_only_view_may_ask(sky):
    post(sky, wave(12))
    viewer = make_user(sky.admin, ["View only"], [sky.group_id])

    assert ask(sky, viewer).status == 200
