"""An empty list is not given; blanks in lists of names do not count."""

import pytest

from tests.support.people import make_group
from tests.support.sky import make_source


def group_ids(record):
    return [group["id"] for group in record["groups"]]


@pytest.fixture
def elsewhere(sky):
    """Another group of the user, which does not have the source."""
    return make_group(sky.admin, members=[sky.user])


def test_a_source_is_saved_to_all_of_the_callers_groups(sky):
    obj_id = make_source(sky.user, group_ids=[])

    assert sky.group_id in group_ids(sky.user.get(f"/api/sources/{obj_id}").data)


def test_records_are_shared_with_the_groups_of_the_source(sky, elsewhere):
    tree = {"name": f"of {sky.obj_id}", "version": "1", "hierarchy": {"class": "Ia"}, "group_ids": []}
    taxonomy_id = sky.admin.post("/api/taxonomy", tree).data["taxonomy_id"]
    facts = {"instrument_id": sky.instrument_id, "group_ids": []}
    spectrum = {"obj_id": sky.obj_id, "observed_at": "2026-01-01", "wavelengths": [1.0], "fluxes": [1.0], **facts}
    classification = {"obj_id": sky.obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id, "group_ids": []}
    sky.upload(group_ids=[])
    for path, body in (
        ("/api/spectrum", spectrum),
        ("/api/classification", classification),
        (f"{sky.source}/comments", {"text": "bright", "group_ids": []}),
        (f"{sky.source}/annotations", {"origin": "gaia", "data": {}, "group_ids": []}),
    ):
        assert sky.user.post(path, body).status == 200

    records = [*sky.photometry(), *sky.user.get(f"{sky.source}/spectra").data["spectra"]]
    for kind in ("classifications", "comments", "annotations"):
        records += sky.user.get(f"{sky.source}/{kind}").data
    assert [group_ids(record) for record in records] == [[sky.group_id]] * 7
    public = sky.user.get("/api/groups/public").data["id"]
    assert group_ids(sky.user.get(f"/api/taxonomy/{taxonomy_id}").data) == [public]


def test_a_changed_annotation_keeps_its_groups(sky, elsewhere):
    path = f"{sky.source}/annotations"
    wanted = {"origin": "gaia", "data": {}, "group_ids": [elsewhere]}
    number = sky.user.post(path, wanted).data["annotation_id"]

    assert sky.user.put(f"{path}/{number}", {"data": {"a": 1}, "group_ids": []}).status == 200

    assert group_ids(sky.user.get(f"{path}/{number}").data) == [elsewhere]


def test_the_list_of_sources_is_that_of_all_groups(sky):
    assert sky.obj_id in {source["id"] for source in sky.user.get("/api/sources", group_ids="").data["sources"]}
    assert sky.obj_id in {one["id"] for one in sky.admin.get("/api/sources", group_ids=" ,").data["sources"]}


def test_no_classifications_are_none(sky):
    code, message = sky.user.post("/api/classification", {"classifications": []}).error

    assert (code, "obj_id" in message) == (400, True)


def test_blanks_in_lists_of_names_do_not_count(sky):
    sky.user.patch(sky.source, {"alias": ["", "SN 2026a", "  "]})
    facts = {"name": f"C {sky.obj_id}", "type": "imager", "telescope_id": 1, "filters": ["ztfg", "", " "]}
    instrument_id = sky.user.post("/api/instrument", facts).data["id"]

    assert sky.user.get(sky.source).data["alias"] == ["SN 2026a"]
    assert sky.user.get(f"/api/instrument/{instrument_id}").data["filters"] == ["ztfg"]
    assert sky.user.patch(sky.source, {"alias": None}).status == 200
    assert sky.user.get(sky.source).data["alias"] is None
