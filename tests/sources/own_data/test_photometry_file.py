"""Files of photometry as they are sent, and what the source has afterwards."""

import gzip
import json

import pytest

from tests.support.sky import make_source

CSV = "jd,band,mag,e_mag\n2459001.0,ztfg,19.5,0.1\n2459002.0,ztfr,>20.1,\n"


@pytest.fixture
def send(sky):
    """A function that sends a file and returns what is answered."""

    def post(content, **query):
        raw = content if isinstance(content, bytes) else content.encode()
        return sky.user.post("/api/photometry_file", raw=raw, objID=sky.obj_id, **query).data

    return post


@pytest.fixture
def stored(sky):
    return lambda: sky.user.get(f"{sky.source}/photometry").data


def test_a_file_is_stored_and_its_columns_and_ids_are_answered(send, stored):
    answer = send(CSV)
    assert answer["columns"] == {"mjd": "jd", "filter": "band", "mag": "mag", "magerr": "e_mag"}
    assert (answer["rows"], answer["problems"], answer["left_out"]) == (2, [], 0)
    points = stored()
    assert [point["id"] for point in points] == answer["ids"]
    assert [(point["mjd"], point["filter"]) for point in points] == [(59000.5, "ztfg"), (59001.5, "ztfr")]
    assert points[0]["mag"] == pytest.approx(19.5)
    assert (points[1]["mag"], points[1]["limiting_mag"]) == (None, 20.1)


def test_a_dry_run_says_the_same_and_stores_nothing(send, stored):
    dry = send(CSV, dry_run="true")
    assert "ids" not in dry
    assert stored() == []
    assert {**dry, "ids": send(CSV)["ids"]} == {**dry, "ids": [point["id"] for point in stored()]}


def test_the_same_file_again_changes_nothing(send, stored):
    first = send(CSV)
    before = stored()
    assert send(CSV) == first
    assert stored() == before


def test_with_a_problem_in_one_line_nothing_is_stored(send, stored):
    answer = send(CSV + "2459003.0,ztfg,faint,0.1\n2459004.0,ztfg,19.1,\n")
    places = [(problem["line"], problem["column"]) for problem in answer["problems"]]
    assert places == [(4, "mag"), (5, "e_mag")]
    assert "'faint' is not a number" in answer["problems"][0]["text"]
    assert "ids" not in answer
    assert stored() == []


@pytest.mark.parametrize("pack", [gzip.compress, bytes])
def test_json_and_compressed_files_are_read(send, stored, pack):
    rows = [{"mjd": 59000.5, "fid": 1, "magpsf": 19.5, "sigmapsf": 0.1}]
    assert send(pack(json.dumps(rows).encode()))["problems"] == []
    assert [(point["filter"], point["instrument_name"]) for point in stored()] == [("ztfg", "ZTF")]


def test_vega_magnitudes_are_stored_as_ab(send, stored):
    send("mjd,filter,mag,magerr\n59000.5,V,19.5,0.1\n")
    assert stored()[0]["mag"] == pytest.approx(19.52)


def test_an_instrument_with_the_filters_is_taken_and_one_may_be_named(sky, send, stored):
    named = sky.user.get(f"/api/instrument/{sky.instrument_id}").data["name"]
    send(f"mjd,filter,mag,magerr,instrument\n59000.5,ztfg,19.5,0.1,{named}\n")
    assert stored()[0]["instrument_id"] == sky.instrument_id
    send("mjd,filter,mag,magerr\n59001.5,ztfg,19.5,0.1\n", instrument_id=sky.instrument_id)
    assert stored()[1]["instrument_id"] == sky.instrument_id
    send(f"mjd,filter,mag,magerr,instrument\n59002.5,atlaso,19.5,0.1,{named}\n")
    assert (stored()[2]["instrument_name"], stored()[2]["instrument_id"] == sky.instrument_id) == (named, False)


def test_a_zero_point_may_be_given(send, stored):
    flux = "mjd,filter,flux,fluxerr\n59000.5,ztfg,100,10\n"
    assert send(flux)["problems"][0]["column"] == "flux"
    assert send(flux, zp=23.9)["problems"] == []
    assert stored()[0]["mag"] == pytest.approx(18.9)


def test_what_is_no_table_is_a_problem(send):
    for content in ("", "mjd,mag\n", "<html>", "\x00"):
        answer = send(content)
        assert (answer["rows"], len(answer["problems"])) == (0, 1)


def test_a_file_of_several_objects_or_of_a_spectrum_is_refused(send):
    several = "obj_id,mjd,filter,mag,magerr\na,59000.5,ztfg,19,0.1\nb,59000.5,ztfg,19,0.1\n"
    [problem] = send(several)["problems"]
    assert (problem["line"], problem["column"]) == (3, "obj_id")
    [problem] = send("wavelength,flux\n4000,1\n")["problems"]
    assert "/api/spectrum_file" in problem["text"]


def test_more_rows_than_a_call_takes_are_refused_with_the_line(send):
    rows = "".join(f"{59000 + number / 100},ztfg,19,0.1\n" for number in range(10_001))
    [problem] = send("mjd,filter,mag,magerr\n" + rows)["problems"]
    assert problem["line"] == 10_002


def test_who_may_not_see_the_source_or_upload_is_refused(sky):
    raw = CSV.encode()
    assert sky.outsider().post("/api/photometry_file", raw=raw, objID=sky.obj_id).error[0] == 404
    assert sky.member("View only").post("/api/photometry_file", raw=raw, objID=sky.obj_id).error[0] == 401
    assert sky.user.post("/api/photometry_file", raw=raw, objID="unknown").error[0] == 404
    assert sky.user.post("/api/photometry_file", raw=raw).error[0] == 400


SPECTRUM = "# DATE-OBS: 2026-11-01T03:04:05\nwavelength [nm],flux,ivar\n400.0,1.5,4\n400.2,nan,4\n400.4,2.5,0\n"


def send_spectrum(sky, content, **query):
    return sky.user.post("/api/spectrum_file", raw=content.encode(), objID=sky.obj_id, **query).data


def test_a_spectrum_is_stored_once(sky):
    dry = send_spectrum(sky, SPECTRUM, dry_run="1")
    assert (dry["rows"], dry["problems"], "ids" in dry) == (3, [], False)
    assert dry["columns"] == {"wavelengths": "wavelength [nm]", "fluxes": "flux", "errors": "ivar"}
    first = send_spectrum(sky, SPECTRUM)
    assert send_spectrum(sky, SPECTRUM) == first
    [record] = sky.user.get(f"{sky.source}/spectra").data["spectra"]
    assert [record["id"]] == first["ids"]
    assert record["wavelengths"] == pytest.approx([4000, 4002, 4004])
    assert (record["fluxes"], record["errors"]) == ([1.5, None, 2.5], [0.5, 0.5, None])
    assert record["observed_at"].startswith("2026-11-01T03:04:05")


def test_two_columns_without_names_are_a_spectrum(sky):
    answer = send_spectrum(sky, "4000 1.0\n4001 2.0\n", observed_at="2026-11-01")
    assert (answer["rows"], answer["problems"]) == (2, [])


@pytest.mark.parametrize(
    ("content", "line", "column"),
    [
        ("wavelength,flux\n4000,1\n", 2, "observed_at"),
        ("# DATE-OBS: 2026-11-01\nwavelength,flux\n4000,1\n,2\n", 4, "wavelength"),
        ("# DATE-OBS: 2026-11-01\nwavelength,flux\n4000,high\n", 3, "flux"),
        ("mjd,mag\n1,2\n", 1, "wavelength"),
        ("# DATE-OBS: yesterday\nwavelength,flux\n4000,1\n", 3, "observed_at"),
    ],
)
def test_what_is_wrong_with_a_spectrum_is_named(sky, content, line, column):
    answer = send_spectrum(sky, content)
    assert [(problem["line"], problem["column"]) for problem in answer["problems"]] == [(line, column)]
    assert sky.user.get(f"{sky.source}/spectra").data["spectra"] == []


def test_what_a_source_answers_of_its_spectra_is_read_back(sky):
    send_spectrum(sky, SPECTRUM)
    answered = json.dumps(sky.user.get(f"{sky.source}/spectra").json)
    other = make_source(sky.user, group_ids=[sky.group_id])
    again = sky.user.post("/api/spectrum_file", raw=answered.encode(), objID=other).data
    assert (again["rows"], again["problems"]) == (3, [])
