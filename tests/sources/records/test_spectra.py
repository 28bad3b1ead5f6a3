"""Spectra of a source."""

import json

import pytest

from tests.support.people import make_group


def spectrum(sky, **changes):
    return {
        "obj_id": sky.obj_id,
        "instrument_id": sky.instrument_id,
        "observed_at": "2026-03-01T12:00:00",
        "wavelengths": [4000.0, 5000.0, 6000.0],
        "fluxes": [1.0, 3.0, -2.0],
        **changes,
    }


def spectra(sky, api=None, **query):
    answer = (api or sky.user).get(f"{sky.source}/spectra", **query).data
    assert answer["obj_id"] == sky.obj_id
    return answer["spectra"]


@pytest.mark.parametrize("path", ["/api/spectrum", "/api/spectra"])
def test_a_spectrum_is_read_as_it_was_posted(sky, path):
    wanted = spectrum(
        sky, errors=[0.1, 0.2, 0.3], altdata={"exposure": 900}, units="Jy", origin="SEDM", type="host", label="x"
    )
    number = sky.user.post(path, wanted).data["id"]

    (listed,) = spectra(sky)
    single = sky.user.get(f"/api/spectrum/{number}").data

    assert listed == single
    assert {name: single[name] for name in wanted if name != "observed_at"} == {
        name: value for name, value in wanted.items() if name != "observed_at"
    }
    assert single["observed_at"] == "2026-03-01T12:00:00.000000"
    assert single["observed_at_mjd"] == 61100.5
    assert single["instrument_name"].startswith("Camera")
    assert single["telescope_name"].startswith("Telescope")
    assert (single["id"], single["owner_id"]) == (number, sky.user.user_id)


def test_times_with_an_offset_are_converted_to_utc(sky):
    sky.user.post("/api/spectrum", spectrum(sky, observed_at="2026-03-01T12:00:00+02:00"))

    assert spectra(sky)[0]["observed_at"] == "2026-03-01T10:00:00.000000"


def test_the_time_may_be_in_the_basic_form(sky):
    sky.user.post("/api/spectrum", spectrum(sky, observed_at="20260301T120000"))

    assert spectra(sky)[0]["observed_at_mjd"] == 61100.5


def test_spectra_come_by_time_of_observation(sky):
    late = sky.user.post("/api/spectrum", spectrum(sky, observed_at="2026-04-01")).data["id"]
    early = sky.user.post("/api/spectrum", spectrum(sky, observed_at="2026-02-01")).data["id"]

    assert [one["id"] for one in spectra(sky)] == [early, late]
    assert [one["id"] for one in spectra(sky, sortOrder="desc")] == [late, early]
    assert [one["id"] for one in spectra(sky, sortBy="created_at")] == [late, early]


def test_fluxes_are_divided_by_the_median_on_request(sky):
    sky.user.post("/api/spectrum", spectrum(sky, errors=[0.2, 0.2, 0.2]))

    (normalized,) = spectra(sky, normalization="median")

    assert (normalized["fluxes"], normalized["errors"]) == ([0.5, 1.5, -1.0], [0.1, 0.1, 0.1])


def test_missing_values_leave_as_null(sky):
    sky.user.post("/api/spectrum", spectrum(sky, fluxes=[1.0, None, 2.0]))

    assert spectra(sky)[0]["fluxes"] == [1.0, None, 2.0]


def test_a_spectrum_too_large_for_an_item_is_read_back_and_removed(sky, monkeypatch):
    monkeypatch.setattr("chalicelib.sources.blobs.MOST_INLINE", 10)
    number = sky.user.post("/api/spectrum", spectrum(sky)).data["id"]

    assert spectra(sky)[0]["fluxes"] == [1.0, 3.0, -2.0]
    assert sky.user.delete(f"/api/spectrum/{number}").data == {}
    assert spectra(sky) == []


def test_a_hundred_thousand_wavelengths_fit(sky):
    numbers = [4000 + number / 7 for number in range(100_000)]
    number = sky.user.post("/api/spectrum", spectrum(sky, wavelengths=numbers, fluxes=numbers)).data["id"]

    assert sky.user.get(f"/api/spectrum/{number}").data["wavelengths"] == numbers


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"fluxes": [1.0]}, "fluxes must be as many as wavelengths: 3"),
        ({"errors": [1.0, 2.0]}, "errors must be as many"),
        ({"wavelengths": [], "fluxes": []}, "wavelengths"),
        ({"fluxes": []}, "fluxes"),
        ({"wavelengths": [1.0, None, 2.0]}, "wavelengths"),
        ({"observed_at": "last night"}, "observed_at"),
        ({"observed_at": 61100.5}, '"observed_at": ["must be an ISO 8601 date or time'),
        ({"observed_at": "61100.5"}, '"observed_at": ["must be an ISO 8601 date or time'),
        ({"observed_at": 20260301}, '"observed_at": ["must be an ISO 8601 date or time'),
        ({"instrument_id": 4711}, "no instrument 4711"),
        ({"obj_id": None}, "obj_id"),
    ],
)
def test_wrong_spectra_are_refused(sky, changes, reason):
    code, message = sky.user.post("/api/spectrum", spectrum(sky, **changes)).error

    assert code == 400
    assert reason in message
    assert spectra(sky) == []


@pytest.mark.parametrize(
    ("name", "values", "message"),
    [
        ("errors", "[0.1, 0, -0.2]", "Rows 1, 2: errors must be positive, or null where it is not known."),
        ("errors", "[0.1, null, -0.0]", "Row 2: errors must be positive"),
        ("errors", "[0.1, Infinity, 0.2]", "Row 1: errors must be a finite number"),
        ("fluxes", "[-Infinity, 1.0, Infinity]", "Rows 0, 2: fluxes must be a finite number"),
    ],
)
def test_numbers_that_can_be_no_fluxes_or_errors_are_refused_by_position(sky, name, values, message):
    raw = json.dumps(spectrum(sky, **{"errors": [0.1, 0.1, 0.1], name: "values"})).replace('"values"', values)

    code, text = sky.user.post("/api/spectrum", raw=raw.encode()).error

    assert code == 400
    assert message in text
    assert spectra(sky) == []


def test_an_empty_list_of_errors_was_not_given(sky):
    sky.user.post("/api/spectrum", spectrum(sky, errors=[], group_ids=[]))

    assert spectra(sky)[0]["errors"] is None


def test_errors_that_are_not_known_are_null(sky):
    raw = json.dumps(spectrum(sky, errors="values")).replace('"values"', "[0.1, NaN, null]")
    assert sky.user.post("/api/spectrum", raw=raw.encode()).status == 200

    assert spectra(sky)[0]["errors"] == [0.1, None, None]


def test_a_spectrum_is_visible_to_its_groups(sky):
    private = make_group(sky.admin, members=[sky.user])
    number = sky.user.post("/api/spectrum", spectrum(sky, group_ids=[private])).data["id"]

    assert spectra(sky, sky.member()) == []
    assert sky.member().get(f"/api/spectrum/{number}").error[0] == 403
    assert len(spectra(sky)) == 1
    assert sky.outsider().get(f"{sky.source}/spectra").error == (404, "Source not found")


def test_only_the_owner_or_who_manages_sources_removes_a_spectrum(sky):
    number = sky.user.post("/api/spectrum", spectrum(sky)).data["id"]

    assert sky.member().delete(f"/api/spectrum/{number}").error[0] == 403
    assert sky.member("Group admin").delete(f"/api/spectrum/{number}").status == 200
    assert sky.user.delete(f"/api/spectrum/{number}").error[0] == 403


def test_a_spectrum_shows_its_instrument_in_short_as_long_as_it_exists(sky):
    number = sky.user.post("/api/spectrum", spectrum(sky)).data["id"]
    instrument = sky.user.get(f"/api/instrument/{sky.instrument_id}").data

    (listed,) = spectra(sky)

    assert listed == sky.user.get(f"/api/spectrum/{number}").data
    names = ("id", "name", "type", "telescope_id", "filters", "created_at")
    assert {name: listed["instrument"][name] for name in names} == {name: instrument[name] for name in names}

    facts = {"name": f"C {number}", "telescope_id": instrument["telescope_id"]}
    other = sky.user.post("/api/instrument", facts).data["id"]
    sky.user.post("/api/spectrum", spectrum(sky, instrument_id=other))
    sky.member("Group admin").delete(f"/api/instrument/{other}")
    assert [one["instrument"] and one["instrument"]["id"] for one in spectra(sky)] == [sky.instrument_id, None]
    assert spectra(sky)[1]["instrument_name"] == facts["name"]
