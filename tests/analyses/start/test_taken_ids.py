"""Two processes may make the same id: neither request is lost, and neither sees or changes what is the other's."""

import base64

import pytest

from chalicelib import ids
from chalicelib.analyses.items.run import Run
from tests.support.scene import SUCCESS, register
from tests.support.worker import drain

KEY = {"Idempotency-Key": "night 1"}


@pytest.fixture
def other(scene):
    """The name of another source."""
    name = f"{scene.obj_id}-other"
    source = {"id": name, "ra": 10.0, "dec": 20.0, "group_ids": [scene.group_id]}
    assert scene.user.post("/api/sources", source).status == 200
    return name


@pytest.fixture
def make_again(monkeypatch):
    """Have the next id that is made be one that another process made as well."""
    really = ids.new_ids

    def again(number):
        numbers = [number]
        monkeypatch.setattr(ids, "new_ids", lambda count: [numbers.pop()] if numbers else really(count))

    return again


def file_of(content):
    return f"data:application/fits;name=cube.fits;base64,{base64.b64encode(content).decode()}"


def sent_for(scene, obj_id):
    (got,) = [got for got in scene.service.received if got.document["resource_id"] == obj_id]
    return got.document["inputs"]["analysis_parameters"]


def test_a_start_whose_id_is_taken_gets_another(scene, other, make_again):
    first = scene.start(analysis_parameters={"cube": file_of(b"first")})
    make_again(first)
    path = f"/api/obj/{other}/analysis/{scene.service_id}"
    second = scene.user.post(path, {"analysis_parameters": {"cube": file_of(b"second")}}).data["id"]
    assert second != first
    assert scene.read(second)["obj_id"] == other
    drain()
    assert sent_for(scene, scene.obj_id) == {"cube": file_of(b"first")}
    assert sent_for(scene, other) == {"cube": file_of(b"second")}


def test_a_request_with_a_key_whose_id_was_taken_is_answered_the_same_again(scene, other, make_again):
    first = scene.start()
    make_again(first)
    path = f"/api/obj/{other}/analysis/{scene.service_id}"
    second = scene.user.post(path, headers=KEY).data["id"]
    assert second != first
    assert scene.user.post(path, headers=KEY).data["id"] == second
    assert len(list(Run.by_service.query(scene.service_id))) == 2


def test_an_upload_whose_id_is_taken_gets_another_and_leaves_nothing_at_the_first(scene, other, make_again):
    service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    first = scene.user.post(f"/api/obj/{scene.obj_id}/analysis_upload/{service_id}", {"message": "mine"}).data
    make_again(first["id"])
    second = scene.user.post(f"/api/obj/{other}/analysis_upload/{service_id}", {**SUCCESS, "message": "other"}).data
    assert second["id"] != first["id"]
    assert second["message"] == "other"
    drain()
    assert scene.user.get(f"/api/obj/analysis/{second['id']}/results").data["z"] == 0.5
    assert scene.user.get(f"/api/obj/analysis/{first['id']}/results").status == 404


def test_a_repetition_whose_id_is_taken_gets_another(scene, other, make_again):
    failed = scene.start()
    drain()
    scene.answer(scene.service.received[0].token, {"status": "failure"})
    taken = scene.user.post(f"/api/obj/{other}/analysis/{scene.service_id}").data["id"]
    make_again(taken)
    repeated = scene.user.post(f"/api/obj/analysis/{failed}/retry").data["id"]
    assert repeated != taken
    assert scene.read(repeated)["obj_id"] == scene.obj_id
    assert scene.read(taken)["obj_id"] == other
