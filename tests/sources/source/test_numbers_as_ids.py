"""Ids of objects that are numbers, as Rubin's are: text from then on, whichever way they were written."""

import itertools

import pytest

from tests.support.sky import make_source

_numbers = itertools.count(313853499549188102)
"""More than 2**53: a float cannot hold them."""


@pytest.fixture
def rubin(sky):
    """A source whose id was posted as a JSON number, of this test alone."""
    number = next(_numbers)
    saved = sky.user.post("/api/sources", {"id": number, "ra": 1.0, "dec": 2.0, "group_ids": [sky.group_id]}).data
    assert saved == {"id": str(number), "saved_to_groups": [sky.group_id]}
    return number


def test_a_source_posted_by_number_is_found_by_text(sky, rubin):
    assert sky.user.get(f"/api/sources/{rubin}").data["id"] == str(rubin)
    listed = sky.user.get("/api/sources", group_ids=sky.group_id, sourceID=str(rubin)).data["sources"]
    assert [source["id"] for source in listed] == [str(rubin)]


def test_a_source_posted_by_text_is_found_by_number(sky):
    make_source(sky.user, "42000000000000000001", group_ids=[sky.group_id])

    sky.user.post("/api/sources", {"id": 42000000000000000001, "redshift": 0.5})

    assert sky.user.get("/api/sources/42000000000000000001").data["redshift"] == 0.5


@pytest.mark.parametrize("many", [False, True], ids=["a value", "a column"])
def test_photometry_of_a_number(sky, rubin, many):
    sky.upload(obj_id=[rubin, str(rubin), rubin] if many else rubin)

    points = sky.with_source(str(rubin)).photometry()

    assert [point["obj_id"] for point in points] == [str(rubin)] * 3


def test_a_spectrum_of_a_number(sky, rubin):
    facts = {"observed_at": "2026-03-01", "instrument_id": sky.instrument_id}
    posted = sky.user.post("/api/spectrum", {"obj_id": rubin, "wavelengths": [1.0], "fluxes": [2.0], **facts}).data

    assert sky.user.get(f"/api/spectrum/{posted['id']}").data["obj_id"] == str(rubin)


def test_classifications_of_a_number(sky, rubin):
    tree = {"name": f"of {rubin}", "version": "1", "hierarchy": {"class": "Ia"}}
    taxonomy_id = sky.admin.post("/api/taxonomy", tree).data["taxonomy_id"]
    wanted = {"obj_id": rubin, "classification": "Ia", "taxonomy_id": taxonomy_id}

    sky.user.post("/api/classification", wanted)
    sky.user.post("/api/classification", {"classifications": [wanted, {**wanted, "obj_id": str(rubin)}]})

    found = sky.user.get(f"/api/sources/{rubin}/classifications").data
    assert [one["obj_id"] for one in found] == [str(rubin)] * 3


@pytest.mark.parametrize("wrong", ["3.13853499549188102e17", "313853499549188102.0", "true", "-7", "[7]", '{"a": 7}'])
def test_other_numbers_are_no_ids(sky, wrong):
    for path, name, rest in (
        ("/api/sources", "id", '"ra": 1, "dec": 2'),
        (
            "/api/spectrum",
            "obj_id",
            '"instrument_id": 1, "observed_at": "2026-01-01", "wavelengths": [1], "fluxes": [1]',
        ),
        ("/api/classification", "obj_id", '"classification": "Ia", "taxonomy_id": 1'),
    ):
        code, message = sky.user.post(path, raw=f'{{"{name}": {wrong}, {rest}}}'.encode()).error
        assert (code, f'"{name}": ["must be text, or a whole number' in message) == (400, True)
