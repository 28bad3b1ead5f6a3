"""Photometry as it is posted, merged, read and removed."""

import math

import pytest

from tests.support.people import make_group, make_token, make_user
from tests.support.sky import make_source


def test_a_flux_is_read_back_in_magnitudes_and_in_microjansky(sky):
    sky.upload(mjd=59000.5, filter="ztfg", flux=100.0, fluxerr=5.0)

    (point,) = sky.photometry(format="both")

    assert point["mag"] == pytest.approx(-2.5 * math.log10(100) + 23.9, rel=1e-12)
    assert point["magerr"] == pytest.approx(2.5 / math.log(10) * 0.05, rel=1e-12)
    assert (point["flux"], point["fluxerr"], point["zp"], point["magsys"]) == (100.0, 5.0, 23.9, "ab")
    assert point["limiting_mag"] == pytest.approx(-2.5 * math.log10(25) + 23.9, rel=1e-12)
    assert point["snr"] == 20.0


def test_magnitudes_are_stored_as_fluxes(sky):
    post = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "filter": "ztfr", "mjd": 59000.0}
    ids = sky.user.post("/api/photometry", {**post, "mag": 18.9, "magerr": 0.1, "limiting_mag": 20.5}).data["ids"]

    (point,) = sky.photometry(format="both")

    assert [point["id"]] == ids
    assert point["flux"] == pytest.approx(100.0, rel=1e-12)
    assert point["fluxerr"] == pytest.approx(100.0 * 0.1 * math.log(10) / 2.5, rel=1e-12)
    assert (point["mag"], point["magerr"]) == (pytest.approx(18.9, rel=1e-12), pytest.approx(0.1, rel=1e-12))
    assert point["limiting_mag"] == 20.5


@pytest.mark.parametrize(("given", "sigma"), [({}, 3.0), ({"limiting_mag_nsigma": 5.0}, 5.0)])
def test_a_limit_without_flux_gives_the_error_of_its_significance(sky, given, sigma):
    post = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "filter": "ztfr", "mjd": 59000.0}
    sky.user.post("/api/photometry", {**post, "mag": None, "magerr": None, "limiting_mag": 20.0, **given})

    (point,) = sky.photometry(format="both")

    assert point["fluxerr"] == pytest.approx(10 ** (-0.4 * (20.0 - 23.9)) / sigma, rel=1e-12)
    assert (point["flux"], point["mag"], point["magerr"], point["limiting_mag"]) == (None, None, None, 20.0)


def test_another_zero_point_is_converted(sky):
    sky.upload(mjd=59000.5, filter="ztfg", flux=100.0, fluxerr=5.0, zp=26.4)

    (point,) = sky.photometry(format="both")

    assert point["mag"] == pytest.approx(26.4 - 5.0, rel=1e-12)
    assert point["flux"] == pytest.approx(10.0, rel=1e-12)


def test_vega_magnitudes_are_converted_both_ways(sky):
    post = {"obj_id": sky.obj_id, "instrument_id": sky.instrument_id, "filter": "bessellv", "mjd": 59000.0}
    wanted = {"magsys": "vega", "mag": 18.0, "magerr": 0.1, "limiting_mag": 20.0}
    assert sky.user.post("/api/photometry", {**post, **wanted}).status == 200

    (in_ab,) = sky.photometry()
    (in_vega,) = sky.photometry(magsys="vega", format="both")

    assert (in_ab["mag"], in_ab["limiting_mag"]) == (pytest.approx(18.02), pytest.approx(20.02))
    assert (in_vega["mag"], in_vega["limiting_mag"]) == (pytest.approx(18.0), pytest.approx(20.0))
    assert -2.5 * math.log10(in_vega["flux"]) + in_vega["zp"] == pytest.approx(18.0)


def test_vega_magnitudes_of_a_filter_without_known_offset_are_refused(sky):
    code, message = sky.user.post("/api/photometry", sky.points(magsys="vega")).error

    assert code == 400
    assert "No offset from vega to ab is known for ztfg" in message


def test_rows_come_sorted_by_time_and_single_values_hold_for_all(sky):
    ids = sky.upload(mjd=[59002.0, -5.5, 59001.0], filter="ztfg", flux=[1.0, 2.0, 3.0], fluxerr=1.0, origin="survey")

    points = sky.photometry(format="flux")

    assert [point["mjd"] for point in points] == [-5.5, 59001.0, 59002.0]
    assert [point["id"] for point in points] == [ids[1], ids[2], ids[0]]
    assert {point["origin"] for point in points} == {"survey"}


def test_a_point_keeps_what_was_posted_beside_the_brightness(sky):
    sky.upload(
        mjd=59000.0,
        filter="ztfg",
        flux=1.0,
        fluxerr=0.5,
        ra=202.5,
        dec=13.4,
        ra_unc=0.1,
        dec_unc=0.2,
        altdata={"fid": 1},
    )

    (point,) = sky.photometry()

    assert (point["ra"], point["dec"], point["ra_unc"], point["dec_unc"]) == (202.5, 13.4, 0.1, 0.2)
    assert point["altdata"] == {"fid": 1}
    assert point["instrument_id"] == sky.instrument_id
    assert point["instrument_name"].startswith("Camera")
    assert [group["id"] for group in point["groups"]] == [sky.group_id]


def altdata_of(sky, altdata):
    sky.upload(altdata=altdata)
    return [point["altdata"] for point in sky.photometry()]


@pytest.mark.parametrize(
    "altdata",
    [{"fid": 1, "box": [1, 2], "cut": {"a": [1, 2, 3]}}, {"text": "abc"}, {"list": []}, {"long": [1, 2, 3, 4]}],
)
def test_one_object_beside_the_brightness_holds_for_all_rows(sky, altdata):
    assert altdata_of(sky, altdata) == [altdata] * 3


def test_lists_as_long_as_the_rows_are_split_among_them(sky):
    altdata = {"fid": 1, "rh": [2.5, 2.6, 2.7], "seen": [[1], {"a": 2}, "x"], "box": [1, 2]}

    assert altdata_of(sky, altdata) == [
        {"fid": 1, "rh": 2.5, "seen": [1], "box": [1, 2]},
        {"fid": 1, "rh": 2.6, "seen": {"a": 2}, "box": [1, 2]},
        {"fid": 1, "rh": 2.7, "seen": "x", "box": [1, 2]},
    ]


def test_a_row_without_a_value_of_a_list_does_not_have_it(sky):
    assert altdata_of(sky, {"rh": [2.5, None, 0], "note": [None, None, ""]}) == [
        {"rh": 2.5},
        None,
        {"rh": 0, "note": ""},
    ]


def test_an_object_for_each_row_stays_with_its_row(sky):
    rows = [{"rh": [1, 2, 3]}, None, {"fid": 2}]

    assert altdata_of(sky, rows) == rows


def test_a_single_row_splits_lists_of_one(sky):
    sky.upload(mjd=59000.5, filter="ztfg", flux=1.0, fluxerr=1.0, altdata={"rh": [2.5], "box": [1, 2]})

    assert sky.photometry()[0]["altdata"] == {"rh": 2.5, "box": [1, 2]}


def test_as_many_predictions_as_rows_are_needed(sky):
    code, message = sky.user.post("/api/photometry", sky.points(altdata={"predicted_mag": [19.0, 19.1]})).error

    assert (code, message) == (400, "altdata.predicted_mag has 2 values for 3 rows.")


def test_an_empty_column_was_not_given(sky):
    empty = {name: [] for name in ("mag", "magerr", "limiting_mag", "ra", "ra_unc", "origin", "magsys", "altdata")}

    sky.upload(**empty, extinction_corrected=[], group_ids=[])

    points = sky.photometry(format="flux")
    assert [point["flux"] for point in points] == [100.0, 200.0, None]
    assert [(point["origin"], point["altdata"], point["magsys"]) for point in points] == [(None, None, "ab")] * 3


def test_nan_is_a_missing_value(sky):
    raw = (
        f'{{"obj_id": "{sky.obj_id}", "instrument_id": {sky.instrument_id}, "filter": "ztfg", "zp": 23.9, '
        '"mjd": [59000.0, 59001.0], "flux": [NaN, 5.0], "fluxerr": [1.0, 1.0]}'
    )
    assert sky.user.post("/api/photometry", raw=raw.encode()).status == 200

    assert [point["flux"] for point in sky.photometry(format="flux")] == [None, 5.0]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"mjd": [59000.0, 59001.0]}, "same length"),
        ({"mjd": [], "filter": "ztfg", "flux": 1.0, "fluxerr": 1.0}, "0 rows"),
        ({"filter": "lsstg"}, "'lsstg' is not one of"),
        ({"instrument_id": 4711}, "no instrument 4711"),
        ({"zp": None}, "zp"),
        ({"fluxerr": [5.0, None, 3.0]}, "Row 1: fluxerr is required"),
        ({"fluxerr": [5.0, -4.0, 3.0]}, "must not be negative"),
        ({"fluxerr": [5.0, 4.0, 0.0]}, "Row 2: fluxerr is required, and positive"),
        ({"flux": None, "fluxerr": None, "limiting_mag": [20.0, None, 21.0]}, "Row 1: limiting_mag is required"),
        ({"flux": None, "fluxerr": None, "mag": 20.0, "limiting_mag": 21.0}, "mag and magerr must both be given"),
        ({"flux": None, "fluxerr": None, "mag": 1e9, "magerr": 0.1}, "must be a magnitude"),
        ({"mag": 20.0, "magerr": 0.1}, "not both"),
        ({"flux": None, "fluxerr": None}, "Give mag, magerr and limiting_mag"),
        ({"flux": 1e300, "fluxerr": 1.0}, "reasonable size"),
        ({"flux": 1e119, "fluxerr": 1.0, "zp": -99}, "out of range"),
        ({"mjd": ["today", 1.0, 2.0]}, "Invalid/missing parameters"),
        ({"magsys": "bd17"}, "Invalid/missing parameters"),
        ({"altdata": {"text": "x" * 20_001}}, "altdata has more than"),
        ({"obj_id": "no/such/id"}, "Invalid/missing parameters"),
    ],
)
def test_wrong_photometry_is_refused_whole(sky, changes, reason):
    code, message = sky.user.post("/api/photometry", sky.points(**changes)).error

    assert code == 400
    assert reason in message
    assert sky.photometry() == []


@pytest.mark.parametrize("method", ["post", "put"])
def test_a_flux_without_an_error_is_refused_and_all_rows_at_fault_are_named(sky, method):
    columns = {"mjd": [59000.0 + row for row in range(9)], "filter": "ztfg", "flux": [10.0] * 9}
    wanted = sky.points(**columns, fluxerr=[1, 1, 0, 1, -1, 1, 1, 0.0, None])

    code, message = getattr(sky.user, method)("/api/photometry", wanted).error

    assert code == 400
    assert message == "Rows 2, 4, 7, 8: fluxerr is required, and positive; it must not be negative or 0."
    assert sky.photometry() == []


@pytest.mark.parametrize("method", ["post", "put"])
@pytest.mark.parametrize("name", ["magerr", "limiting_mag_nsigma", "ra_unc", "dec_unc"])
@pytest.mark.parametrize("value", [0, -0.1, "0", "-1e-3", -0.0])
def test_what_can_be_no_error_is_refused_by_field_and_row(sky, method, name, value):
    wanted = sky.points(flux=None, fluxerr=None, mag=18.0, magerr=0.1, limiting_mag=20.0) | {name: [0.1, value, 0.2]}

    code, message = getattr(sky.user, method)("/api/photometry", wanted).error

    assert code == 400
    assert message == f"Row 1: {name} must be positive, or null where it is not known."
    assert sky.photometry() == []


@pytest.mark.parametrize("value", [2459226.5, 20210112, "20210112", 1610409600, 1610409600000, -1e7])
def test_times_that_are_no_modified_julian_dates_are_refused(sky, value):
    code, message = sky.user.post("/api/photometry", sky.points(mjd=[59000.5, value, value])).error

    assert code == 400
    assert message == "Rows 1, 2: mjd must be a Modified Julian Date (JD - 2400000.5), at most 1000000."
    assert sky.photometry() == []


@pytest.mark.parametrize("value", ["2021-01-12", "20210112T030405", "yesterday", None])
def test_times_that_are_no_numbers_are_refused(sky, value):
    code, message = sky.user.post("/api/photometry", sky.points(mjd=[59000.5, value, 59001.5])).error

    assert code == 400
    assert "mjd" in message


def test_an_uncertainty_that_is_not_known_is_null(sky):
    sky.upload(ra_unc=[0.1, None, None], dec_unc=None)

    assert [point["ra_unc"] for point in sky.photometry()] == [0.1, None, None]


def test_several_fields_at_fault_are_named_with_their_rows(sky):
    raw = (
        f'{{"obj_id": "{sky.obj_id}", "instrument_id": {sky.instrument_id}, "filter": "ztfg", '
        '"zp": [23.9, 23.9, null], "mjd": [59000.0, NaN, 59002.0], '
        '"flux": [1.0, Infinity, -Infinity], "fluxerr": [0.0, 1.0, Infinity]}'
    )

    code, message = sky.user.post("/api/photometry", raw=raw.encode()).error

    assert code == 400
    for expected in (
        "Row 0: fluxerr is required, and positive",
        "Row 1: mjd must be a Modified Julian Date",
        "Rows 1, 2: flux must be a finite number",
        "Row 2: fluxerr must be a finite number",
        "Row 2: zp, the zero point of the fluxes, is required.",
    ):
        assert expected in message


def test_of_ten_thousand_rows_at_fault_each_is_named(sky):
    mjd = [59000.0 + number for number in range(10_000)]

    _, message = sky.user.post("/api/photometry", sky.points(mjd=mjd, filter="ztfg", flux=1.0, fluxerr=0)).error

    assert message.startswith("Rows 0, 1, 2, ")
    assert ", 9999: fluxerr" in message


def test_an_infinite_flux_is_refused(sky):
    raw = (
        f'{{"obj_id": "{sky.obj_id}", "instrument_id": {sky.instrument_id}, "filter": "ztfg", "zp": 23.9, '
        '"mjd": 59000.0, "flux": Infinity, "fluxerr": 1.0}'
    )

    assert sky.user.post("/api/photometry", raw=raw.encode()).error[0] == 400


def test_required_columns_are_named(sky):
    code, message = sky.user.post("/api/photometry", {"mag": 18.0}).error

    assert code == 400
    for name in ("obj_id", "instrument_id", "filter", "mjd"):
        assert name in message


def test_more_than_ten_thousand_rows_are_refused(sky):
    mjd = [float(number) for number in range(10_001)]

    code, message = sky.user.post("/api/photometry", sky.points(mjd=mjd, filter="ztfg", flux=1.0, fluxerr=1.0)).error

    assert (code, "10001 rows" in message) == (400, True)


def test_duplicates_are_named_and_nothing_is_stored(sky):
    (known, *_) = sky.upload()

    code, message = sky.user.post("/api/photometry", sky.points(mjd=[59000.5, 60001.5, 60002.5])).error

    assert code == 400
    assert f"{sky.obj_id} at mjd 59000.5 in ztfg" in message
    assert str(known) in message
    assert len(sky.photometry()) == 3


def test_equal_rows_in_one_post_are_refused(sky):
    code, message = sky.user.post(
        "/api/photometry", sky.points(mjd=59000.0, filter="ztfg", flux=[1.0, 1.0, 2.0], fluxerr=1.0)
    ).error

    assert (code, "more than once" in message) == (400, True)
    assert sky.photometry() == []


@pytest.mark.parametrize("changes", [{"origin": "other"}, {"flux": [101.0, 201.0, None], "fluxerr": [5, 4, 3.1]}])
def test_another_origin_or_flux_is_another_measurement(sky, changes):
    sky.upload()

    sky.upload(**changes)

    assert len(sky.photometry()) == 6


def test_put_returns_the_ids_of_what_exists_and_adds_what_is_new(sky):
    known = sky.upload()

    merged = sky.user.put("/api/photometry", sky.points(mjd=[59000.5, 59001.5, 60000.0])).data

    assert merged["ids"][:2] == known[:2]
    assert merged["ids"][2] not in known
    assert len(sky.photometry()) == 4


def test_put_shares_with_more_groups_and_replaces_altdata_and_limit(sky):
    sky.upload()
    second = make_group(sky.admin, members=[sky.user])
    outsider = make_user(sky.admin, groups=[second])
    make_source(sky.user, sky.obj_id, group_ids=[second])
    assert sky.photometry(outsider) == []

    wanted = sky.points(group_ids=[second], altdata={"seen": 2}, limiting_mag=[None, None, 19.0])
    assert sky.user.put("/api/photometry", wanted).status == 200

    points = sky.photometry(outsider)
    assert [point["altdata"] for point in points] == [{"seen": 2}] * 3
    assert points[2]["limiting_mag"] == 19.0
    assert sky.statistics()["deepest_limit_global"] == 19.0


def test_put_does_not_change_points_that_the_caller_cannot_see(sky):
    sky.upload()
    stranger = make_user(sky.admin, groups=[make_group(sky.admin)])
    make_source(stranger, sky.obj_id)

    assert stranger.put("/api/photometry", sky.points(altdata={"mine": True})).status == 200

    assert [point["altdata"] for point in sky.photometry(stranger)] == [None] * 3
    assert len(sky.photometry()) == 3


def test_put_with_skyportals_looser_matching_is_refused(sky):
    code, message = sky.user.put("/api/photometry", sky.points(), duplicate_ignore_flux="true").error

    assert (code, "not supported" in message) == (400, True)


def test_photometry_is_shared_with_the_groups_of_the_source_that_the_caller_is_in(sky):
    elsewhere = make_group(sky.admin, members=[sky.user])

    sky.upload()

    assert elsewhere not in {group["id"] for point in sky.photometry() for group in point["groups"]}
    assert len(sky.photometry(sky.member("View only"))) == 3


def test_members_of_the_source_do_not_see_photometry_of_other_groups(sky):
    private = make_group(sky.admin, members=[sky.user])
    sky.upload(group_ids=[private])

    assert sky.photometry(sky.member()) == []
    assert len(sky.photometry()) == 3
    assert len(sky.photometry(sky.admin)) == 3


def test_photometry_cannot_be_shared_with_a_group_that_the_caller_is_not_in(sky):
    foreign = make_group(sky.admin)

    assert sky.user.post("/api/photometry", sky.points(group_ids=[foreign])).error == (
        403,
        f"Cannot find one or more groups with IDs: [{foreign}].",
    )


def test_photometry_of_a_source_that_the_caller_cannot_see_does_not_exist(sky):
    outsider = sky.outsider()

    assert outsider.get(f"{sky.source}/photometry").error == (404, "Source not found")
    assert outsider.post("/api/photometry", sky.points()).error == (404, "Source not found")
    assert sky.user.post("/api/photometry", sky.points(obj_id="nowhere")).error == (404, "Source not found")


def test_one_post_may_be_about_several_sources(sky):
    other = make_source(sky.user)

    sky.upload(obj_id=[sky.obj_id, other, sky.obj_id])

    assert len(sky.photometry()) == 2
    assert len(sky.user.get(f"/api/sources/{other}/photometry").data) == 1
    assert sky.user.get(f"/api/sources/{other}/phot_stat").data["num_obs_global"] == 1


def test_of_duplicates_in_time_and_filter_the_newest_can_be_asked_for(sky):
    sky.upload(mjd=59000.0, filter="ztfg", flux=1.0, fluxerr=1.0)
    newest = sky.upload(mjd=59000.0, filter="ztfg", flux=2.0, fluxerr=1.0)

    assert [point["id"] for point in sky.photometry(deduplicatePhotometry="true")] == newest


def test_the_owner_can_be_asked_for(sky):
    sky.upload()

    assert {point["owner"]["id"] for point in sky.photometry(includeOwnerInfo="true")} == {sky.user.user_id}
    assert "owner" not in sky.photometry()[0]


def test_a_point_is_read_and_removed_by_its_number(sky):
    first, *_ = sky.upload()

    assert sky.user.get(f"/api/photometry/{first}", format="flux").data["flux"] == 100.0
    assert sky.user.delete(f"/api/photometry/{first}").data == {}

    assert sky.user.get(f"/api/photometry/{first}").error[0] == 403
    assert first not in {point["id"] for point in sky.photometry()}


def test_only_the_owner_or_who_manages_sources_removes_a_point(sky):
    first, second, _ = sky.upload()
    read_only = make_token(sky.admin, sky.user.user_id, [])

    assert sky.member().delete(f"/api/photometry/{first}").error[0] == 403
    assert sky.outsider().delete(f"/api/photometry/{first}").error[0] == 403
    assert read_only.delete(f"/api/photometry/{first}").error[0] == 401
    assert sky.member("Group admin").delete(f"/api/photometry/{first}").status == 200
    assert sky.user.delete(f"/api/photometry/{second}").status == 200
    assert len(sky.photometry()) == 1


def test_posting_needs_the_permission(sky):
    assert sky.member("View only").post("/api/photometry", sky.points()).error[0] == 401


def test_the_statistics_tell_when_the_newest_point_was_added(sky):
    assert sky.statistics()["last_phot_add_time"] is None
    first = sky.upload()
    before = max(point["created_at"] for point in sky.photometry())
    assert sky.statistics()["last_phot_add_time"] == before
    (second,) = sky.upload(mjd=[59003.5], filter=["ztfg"], flux=[1.0], fluxerr=[0.1])
    assert before < sky.statistics()["last_phot_add_time"] == sky.photometry()[-1]["created_at"]

    sky.user.delete(f"/api/photometry/{second}")
    assert sky.statistics()["last_phot_add_time"] == before
    for number in first:
        sky.user.delete(f"/api/photometry/{number}")
    assert sky.statistics()["last_phot_add_time"] is None


def test_the_statistics_are_complete_from_the_beginning(sky):
    record = sky.statistics()
    assert record["last_full_update"] == record["created_at"]
    (number, *_) = sky.upload()
    assert sky.statistics()["last_full_update"] == record["created_at"]
    sky.user.delete(f"/api/photometry/{number}")
    assert sky.statistics()["last_full_update"] > record["created_at"]
