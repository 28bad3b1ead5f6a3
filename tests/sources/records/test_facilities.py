"""Telescopes and instruments."""

import pytest


@pytest.fixture
def telescope_id(sky):
    wanted = {
        "name": "Palomar 48 inch",
        "nickname": "P48",
        "diameter": 1.2,
        "lat": 33.4,
        "lon": -116.9,
        "elevation": 1700,
    }
    return sky.user.post("/api/telescope", {**wanted, "robotic": True}).data["id"]


def test_a_telescope_is_read_by_anybody_with_a_token(sky, anonymous, telescope_id):
    telescope = sky.outsider().get(f"/api/telescope/{telescope_id}").data

    assert (telescope["name"], telescope["nickname"], telescope["lat"]) == ("Palomar 48 inch", "P48", 33.4)
    assert telescope["robotic"] is True
    assert anonymous.get("/api/telescope").error[0] == 401


def test_an_instrument_knows_its_telescope_and_filters(sky, telescope_id):
    wanted = {"name": "ZTF", "type": "imager", "telescope_id": telescope_id, "filters": ["ztfg", "ztfr", "ztfg"]}
    instrument_id = sky.user.post("/api/instrument", wanted).data["id"]

    instrument = sky.user.get(f"/api/instrument/{instrument_id}").data

    assert (instrument["name"], instrument["filters"]) == ("ZTF", ["ztfg", "ztfr"])
    assert instrument["telescope"]["id"] == instrument["telescope_id"] == telescope_id


def test_lists_may_be_limited_to_a_name(sky, telescope_id):
    sky.user.post("/api/instrument", {"name": "SEDM", "telescope_id": telescope_id})

    assert {one["name"] for one in sky.user.get("/api/instrument", name="SEDM").data} == {"SEDM"}
    assert {one["name"] for one in sky.user.get("/api/telescope", name="Palomar 48 inch").data} == {"Palomar 48 inch"}
    assert sky.user.get("/api/telescope", name="Keck").data == []
    assert len(sky.user.get("/api/instrument").data) > 1


def test_the_name_of_an_instrument_is_unique_at_its_telescope(sky, telescope_id):
    wanted = {"name": "twice", "telescope_id": telescope_id}
    assert sky.user.post("/api/instrument", wanted).status == 200

    code, message = sky.user.post("/api/instrument", wanted).error

    assert (code, "has an instrument named 'twice' already" in message) == (400, True)
    other = sky.user.post("/api/telescope", {"name": "another"}).data["id"]
    assert sky.user.post("/api/instrument", {**wanted, "telescope_id": other}).status == 200


@pytest.mark.parametrize(
    ("path", "wanted", "reason"),
    [
        ("/api/telescope", {}, "name"),
        ("/api/telescope", {"name": "x", "lat": "north"}, "lat"),
        ("/api/instrument", {"name": "x", "telescope_id": 4711}, "there is no telescope 4711"),
        ("/api/instrument", {"name": "x"}, "telescope_id"),
        ("/api/instrument", {"name": "x", "telescope_id": 1, "type": "radio"}, "type"),
    ],
)
def test_wrong_facilities_are_refused(sky, path, wanted, reason):
    code, message = sky.user.post(path, wanted).error

    assert code == 400
    assert reason in message


def test_a_telescope_is_removed_after_its_instruments(sky, telescope_id):
    manager = sky.member("Group admin")
    instrument_id = sky.user.post("/api/instrument", {"name": "last", "telescope_id": telescope_id}).data["id"]

    assert manager.delete(f"/api/telescope/{telescope_id}").error[0] == 403
    assert manager.delete(f"/api/instrument/{instrument_id}").data == {}
    assert manager.delete(f"/api/telescope/{telescope_id}").data == {}

    assert sky.user.get(f"/api/telescope/{telescope_id}").error[0] == 400
    assert sky.user.get(f"/api/instrument/{instrument_id}").error[0] == 400


def test_writing_needs_permissions(sky, telescope_id):
    viewer = sky.member("View only")

    assert viewer.post("/api/telescope", {"name": "x"}).error[0] == 401
    assert viewer.post("/api/instrument", {"name": "x", "telescope_id": telescope_id}).error[0] == 401
    assert sky.user.delete(f"/api/telescope/{telescope_id}").error[0] == 401
