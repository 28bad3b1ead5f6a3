"""Every key that SkyPortal 1.4 sends at 25 endpoints is sent here too, with a value of its type.

`answer_keys.json` holds the keys and types of a SkyPortal's answers: text, number, bool, object, and null where it held
nothing, which may be anything.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.api import Api
from tests.support.people import make_group, make_user
from tests.support.scene import PNG, make_instrument, register
from tests.support.service import StubService
from tests.support.worker import drain, trigger

KEYS = json.loads((Path(__file__).parent / "answer_keys.json").read_text())

TYPES = {"text": str, "number": (int, float), "bool": bool, "object": dict}

OTHERWISE = {
    "token": "only the service ever sees the token of an analysis",
    "ALLOWED_API_CLASSNAMES": "there are no follow-up facilities here",
    "FOLLOWUP_PRIORITIES": "nor requests to them",
    "THUMBNAIL_TYPES": "nor thumbnails",
}
"""Keys whose values are null or empty here, and why."""

MAY_BE_EMPTY = {"data[].acls"}
"""Of the role that grants nothing."""


@dataclass
class Night:
    """A source with everything that can hang on it."""

    user: Api
    names: dict[str, str]
    """What stands in the paths."""

    def answer(self, question):
        path, _, query = question.removeprefix("GET ").partition("?")
        for place, name in self.names.items():
            path = path.replace(place, name)
        options = dict(part.split("=") for part in query.split("&") if part)
        if "objID" in options:
            options["objID"] = self.names["<obj>"]
        if path == "/api/sources":
            options["group_ids"] = self.names["<group>"]
        return self.user.get(path, **options).data


@pytest.fixture(autouse=True)
def _empty():
    """Leave the tables as they are: the night is made once."""


@pytest.fixture(scope="module")
def night(stack):
    stack.empty()
    with StubService() as service:
        yield make_night(Api(os.environ["SIDEROSTAT_ADMIN_TOKEN"]), service)


def make_night(admin, service):
    group_id = make_group(admin)
    user = make_user(admin, ["Super admin"], group_admin_of=[group_id])
    groups = {"group_ids": [group_id]}
    instrument_id = make_instrument(user, ["ztfg", "ztfr", "ztfi"])
    obj_id = "ZTF26keys"
    for name, dec in ((obj_id, 13.4), ("ZTF26again", 13.4005)):
        place = {"id": name, "ra": 202.5, "dec": dec, "redshift": 0.0246, **groups}
        assert user.post("/api/sources", place).status == 200
    points = {
        "mjd": [59000.1, 59000.2, 59001.1, 59002.1, 59003.1, 59004.1, 59005.1],
        "filter": ["ztfg", "ztfi", "ztfg", "ztfr", "ztfi", "ztfg", "ztfg"],
        "flux": [None, None, 50.0, 60.0, 70.0, 90.0, 40.0],
        "fluxerr": [3.0] * 7,
    }
    base = {
        "obj_id": obj_id,
        "instrument_id": instrument_id,
        "magsys": "ab",
        "zp": 23.9,
        "origin": "ZTF",
        "ra": 202.5,
        "dec": 13.4,
    }
    user.post("/api/photometry", {**base, **points, **groups})
    spectrum = {"obj_id": obj_id, "instrument_id": instrument_id, "observed_at": "2020-06-01", **groups}
    user.post("/api/spectrum", {**spectrum, "wavelengths": [4000.0, 5000.0], "fluxes": [1.0, 2.0]})
    tree = {"name": "tree", "version": "1", "hierarchy": {"class": "Ia"}}
    taxonomy_id = user.post("/api/taxonomy", tree).data["taxonomy_id"]
    service_id = register(
        admin, group_id, service.url, optional_analysis_parameters='{"k": ["a"]}', description="d", version="1"
    )
    admin.patch(f"/api/analysis_service/{service_id}", {"contact_name": "Vera"})
    default = {"source_filter": {"classifications": [{"name": "Ia", "probability": 0.5}]}, **groups}
    defaults = f"/api/analysis_service/{service_id}/default_analysis"
    default_id = user.post(defaults, {**default, "default_analysis_parameters": {"k": "a"}}).data["id"]
    likely = {"obj_id": obj_id, "classification": "Ia", "taxonomy_id": taxonomy_id, "probability": 0.9, **groups}
    user.post("/api/classification", likely)
    user.post(f"/api/sources/{obj_id}/comments", {"text": "bright", **groups})
    user.post(f"/api/sources/{obj_id}/annotations", {"origin": "gaia", "data": {"a": 1.5}, **groups})
    user.patch(f"/api/sources/{obj_id}", {"summary": "a supernova"})
    trigger()
    drain()
    posted = {
        "plots": [{"format": "png", "data": PNG.hex()}],
        "posterior_samples": {"x": [1.0, 2.0]},
        "results": {"format": "json", "data": {"z": 0.5}},
    }
    token = service.received[0].token
    answer = {"status": "success", "message": "done", "analysis": posted}
    assert Api(None).post(f"/api/webhook/obj_analysis/{token}", answer).status == 200
    (analysis,) = user.get("/api/obj/analysis").data
    names = {
        "/api/groups/<id>": f"/api/groups/{group_id}",
        "/api/analysis_service/<id>": f"/api/analysis_service/{service_id}",
        "default_analysis/<id>": f"default_analysis/{default_id}",
        "/api/obj/analysis/<id>": f"/api/obj/analysis/{analysis['id']}",
        "/api/sources/<id>": f"/api/sources/{obj_id}",
        "<obj>": obj_id,
        "<group>": str(group_id),
    }
    return Night(user, names)


def differences(expected, actual, place="data"):
    """Say what of `expected` is missing in `actual`, or of another type."""
    match expected, actual:
        case "null", _:
            found = []
        case str(), _:
            fits = isinstance(actual, TYPES[expected]) and (expected == "bool") == isinstance(actual, bool)
            found = [] if fits else [f"{place} is {actual!r}, no {expected}"]
        case [_], []:
            found = [] if place in MAY_BE_EMPTY else [f"{place} is empty"]
        case [*kinds], [*items]:
            found = [line for one in items for kind in kinds for line in differences(kind, one, f"{place}[]")]
        case {}, {}:
            found = [line for name in expected for line in _of_key(expected, actual, name, place)]
        case {}, [*_]:  # the list of one object's analyses, of which the file shows a record
            found = differences([expected], actual, place)
        case _:
            found = [f"{place} is {actual!r}, not like {expected}"]
    return found


def _of_key(expected, actual, name, place):
    if name not in actual:
        return [f"{place}.{name} is missing"]
    return [] if name in OTHERWISE else differences(expected[name], actual[name], f"{place}.{name}")


@pytest.mark.parametrize("question", KEYS)
def test_every_key_is_there_with_a_value_of_its_type(night, question):
    assert differences(KEYS[question], night.answer(question)) == []


def test_the_comparison_notices_what_is_missing_or_of_another_type():
    expected = {"a": "text", "b": ["number"], "c": {"d": "bool"}, "e": "null", "f": ["object"], "g": []}
    right = {"a": "", "b": [1, 2.5], "c": {"d": False}, "e": [], "f": [{}], "g": [], "h": 1}
    assert differences(expected, right) == []
    for change in (
        {"a": None},
        {"b": ["1"]},
        {"b": [True]},
        {"b": []},
        {"c": {"d": 1}},
        {"c": {}},
        {"f": [1]},
        {"g": 0},
    ):
        assert len(differences(expected, {**right, **change})) == 1, change
    assert len(differences(expected, {})) == 6
