"""A light curve as columns and as a file."""

import csv
import gzip
import io
import json
import math
import sys

import pytest

from tests.support.aws_calls import recorded_aws_calls
from tests.support.large_source import put_points
from tests.support.sky import make_source

NAMES = {"mjd", "mag", "magerr", "flux", "fluxerr", "limiting_mag", "filter", "instrument_id", "origin", "id"}


@pytest.fixture
def obj(sky):
    obj_id = make_source(sky.user, group_ids=[sky.group_id], altdata={"ebv": 0.1})
    return sky.with_source(obj_id)


def curve(obj, api=None, **query):
    return (api or obj.user).get(f"{obj.source}/light_curve", **query).data


def test_points_are_columns_by_time(obj):
    first, second, third = obj.upload(mjd=[59002.5, 59000.5, 59001.5], flux=[100.0, 200.0, None], origin="fp")
    found = curve(obj)
    columns = found["columns"]
    assert set(columns) == NAMES
    assert {len(column) for column in columns.values()} == {3}
    assert found["n"] == 3
    assert columns["mjd"] == [59000.5, 59001.5, 59002.5]
    assert columns["id"] == [second, third, first]
    assert columns["filter"] == ["ztfr", "ztfg", "ztfg"]
    assert columns["flux"] == [200.0, None, 100.0]
    assert columns["mag"][0] == pytest.approx(23.9 - 2.5 * math.log10(200), abs=1e-5)
    assert columns["mag"][1] is columns["magerr"][1] is None
    assert columns["limiting_mag"][1] == pytest.approx(23.9 - 2.5 * math.log10(5 * 3.0), abs=1e-5)
    assert columns["origin"] == ["fp"] * 3
    assert columns["instrument_id"] == [obj.instrument_id] * 3
    assert found["filters"] == {
        "ztfg": {"n": 2, "n_detections": 1, "extinction": None},
        "ztfr": {"n": 1, "n_detections": 1, "extinction": None},
    }


def test_it_says_what_the_photometry_says(obj):
    obj.upload(flux=[123.456789, 1.5, None], fluxerr=[1.23456789, 2.0, 0.7])
    columns, records = curve(obj)["columns"], obj.photometry(format="both")
    for name in NAMES - {"origin"}:
        for shown, record in zip(columns[name], records, strict=True):
            value = record[name]
            assert shown == (pytest.approx(value, rel=1e-6) if isinstance(value, float) else value)


def test_filters_choose_points(obj):
    obj.upload()
    assert curve(obj, filters="ztfr")["columns"]["filter"] == ["ztfr"]
    assert curve(obj, filters="ztfr, ztfg")["n"] == 3
    assert curve(obj, filters="sdssu")["n"] == 0
    assert curve(obj, filters="")["n"] == 3


def test_dust_is_taken_off_where_it_is_known(obj):
    obj.upload()
    obj.upload(mjd=[59010.0], filter=["ztfg"], flux=[50.0], fluxerr=[1.0], altdata=[{"extinction_corrected": True}])
    plain, without = curve(obj), curve(obj, extinction="true")
    taken = 0.1 * 3.308
    assert without["ebv"] == 0.1
    assert without["filters"]["ztfg"]["extinction"] == pytest.approx(taken)
    for name, change in (("mag", -taken), ("limiting_mag", -taken)):
        assert without["columns"][name][0] == pytest.approx(plain["columns"][name][0] + change, abs=1e-5)
    assert without["columns"]["flux"][0] == pytest.approx(plain["columns"]["flux"][0] * 10 ** (0.4 * taken), rel=1e-6)
    assert without["columns"]["magerr"] == plain["columns"]["magerr"]
    assert without["columns"]["mag"][-1] == plain["columns"]["mag"][-1]  # came without dust


def test_unknown_dust_is_said(sky):
    obj = sky.with_source(make_source(sky.user, group_ids=[sky.group_id]))
    code, message = obj.user.get(f"{obj.source}/light_curve", extinction="true").error
    assert code == 400
    assert "E(B-V) is not known" in message


def test_vega_magnitudes_where_the_offset_is_known(obj):
    obj.upload(filter=["bessellv", "sdssr", "sdssr"])
    ab, vega = curve(obj)["columns"]["mag"], curve(obj, magsys="vega")["columns"]["mag"]
    assert vega[:2] == pytest.approx([ab[0] - 0.02, ab[1] - 0.16], abs=1e-5)
    obj.upload(mjd=[1.0, 2.0, 3.0])
    assert obj.user.get(f"{obj.source}/light_curve", magsys="vega").error[0] == 400
    assert obj.user.get(f"{obj.source}/light_curve", magsys="st").error[0] == 400


def test_what_others_have_to_themselves_is_not_in_it(obj):
    mine = obj.upload()
    other = obj.admin.post("/api/groups", {"name": "others"}).data["id"]
    obj.admin.post("/api/sources", {"id": obj.obj_id, "group_ids": [other]})
    obj.upload(obj.admin, mjd=[1.0, 2.0, 3.0], group_ids=[other])
    assert sorted(curve(obj)["columns"]["id"]) == sorted(mine)
    assert curve(obj, obj.admin)["n"] == 6
    for end in ("", ".csv"):
        assert obj.outsider().get(f"{obj.source}/light_curve{end}").error == (404, "Source not found")
        assert obj.user.get(f"/api/sources/unknown/light_curve{end}").error == (404, "Source not found")


def test_the_file_has_every_digit_and_can_be_posted_again(obj):
    obj.upload(flux=[123.4567890123, 200.0, None])
    answer = obj.user.get(f"{obj.source}/light_curve.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'filename="{obj.obj_id}_light_curve.csv"' in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.body.decode())))
    assert set(rows[0]) == NAMES | {"magsys", "zp"}
    assert [row["flux"] for row in rows] == ["123.4567890123", "200.0", ""]
    again = obj.with_source(make_source(obj.user, group_ids=[obj.group_id]))
    columns = {name: [float(row[name]) if row[name] else None for row in rows] for name in ("mjd", "flux", "fluxerr")}
    again.upload(**columns, filter=[row["filter"] for row in rows], zp=float(rows[0]["zp"]), magsys=rows[0]["magsys"])
    assert curve(again)["columns"]["mag"] == curve(obj)["columns"]["mag"]


def test_it_is_one_query(obj):
    obj.upload()
    curve(obj)
    with recorded_aws_calls() as calls:
        curve(obj)
    assert calls == ["Query"]


def test_ten_thousand_points_take_less_than_a_megabyte(obj):
    number = 1_000
    put_points(obj, number)
    answer = obj.user.get(f"{obj.source}/light_curve")
    assert answer.data["n"] == number
    assert len(answer.body) < 1_000_000 / 10_000 * number
    packed = obj.user.get(f"{obj.source}/light_curve", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert json.loads(gzip.decompress(packed.body)) == answer.json
    assert len(packed.body) < len(answer.body) / 2


def test_a_point_more_is_little_work(obj):
    """Counted in calls of Python functions, the embedded AWS's among them, which are the same on every machine."""

    def calls():
        curve(obj)
        counted = 0

        def count(_frame, event, _argument):
            nonlocal counted
            counted += event == "call"

        sys.setprofile(count)
        try:
            curve(obj)
        finally:
            sys.setprofile(None)
        return counted

    put_points(obj, 200)
    few = calls()
    put_points(obj, 500)
    each = (calls() - few) / 300
    assert each < 40
