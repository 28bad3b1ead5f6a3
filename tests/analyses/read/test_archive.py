"""Everything of a run as one zip."""

import io
import json
import zipfile

import pytest
import requests

from tests.support.completed import completed, everything, inference_data, large_text
from tests.support.netcdf import netcdf_file
from tests.support.people import make_user
from tests.support.scene import PNG, stored
from tests.support.worker import drain


def path(analysis_id):
    return f"/api/obj/analysis/{analysis_id}/archive"


def unpacked(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    assert archive.testzip() is None
    return {name: archive.read(name) for name in archive.namelist()}


def test_everything_is_in_it_as_it_came(scene):
    file = netcdf_file()
    sent = {**everything(), "inference_data": inference_data(file), "model_name": "salt3"}
    analysis_id = completed(scene, sent)
    answer = scene.user.get(path(analysis_id))
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith(f'_{analysis_id}_archive.zip"')
    files = unpacked(answer.body)
    assert files["plots/0.png"] == PNG
    assert files["inference_data.nc"] == file
    assert json.loads(files["results.json"]) == sent["results"]
    assert json.loads(files["analysis.json"]) == {"model_name": "salt3"}
    assert json.loads(files["record.json"]) == scene.read(analysis_id)
    assert json.loads(files["inputs.json"]) == scene.user.get(f"/api/obj/analysis/{analysis_id}/inputs").data
    assert json.loads(files["products.json"])[0]["kind"] == "results"
    assert files["corner.png"] == scene.user.get(f"/api/obj/analysis/{analysis_id}/corner").body


def test_no_token_is_in_it_though_the_service_returns_one(scene):
    analysis_id = scene.start()
    drain()
    received = scene.service.received[-1]
    echo = {"asked": received.document, "text": "x" * 1_048_570 + received.token}
    scene.answer(received.token, {"status": "success", "analysis": {"results": echo, "model_name": received.token}})
    drain()
    files = unpacked(scene.user.get(path(analysis_id)).body)
    assert "results.json" in files
    assert received.token.encode() not in b"".join(files.values())
    assert len(json.loads(files["results.json"])["text"]) == len(echo["text"])


def test_tags_heads_and_parts(scene, ended):
    analysis_id = ended()
    whole, again, head = (
        scene.user.get(path(analysis_id)),
        scene.user.get(path(analysis_id)),
        scene.user.head(path(analysis_id)),
    )
    assert whole.body == again.body
    assert (head.headers["ETag"], len(head.body)) == (whole.headers["ETag"], len(whole.body))
    assert scene.user.get(path(analysis_id), headers={"Range": "bytes=0-3"}).body == b"PK\3\4"
    assert scene.user.get(path(analysis_id), headers={"If-None-Match": whole.headers["ETag"]}).status == 304


@pytest.mark.parametrize("megabytes", [10, 20, 40])
def test_a_large_one_is_stored_once_and_led_to(scene, megabytes):
    sent = {**everything(), "results": {"text": large_text(megabytes * 1_000_000)}}
    analysis_id = completed(scene, sent, upload=True)
    places = set()
    for _ in range(2):
        led = scene.user.get(path(analysis_id))
        assert (led.status, led.body) == (307, b"")
        places.add(led.headers["Location"].partition("?")[0])
        found = requests.get(led.headers["Location"], timeout=30)
        assert json.loads(unpacked(found.content)["results.json"]) == sent["results"]
    assert len(places) == 1
    head = requests.head(scene.user.head(path(analysis_id)).headers["Location"], timeout=30)
    assert int(head.headers["Content-Length"]) == len(found.content)
    assert head.headers["ETag"] == found.headers["ETag"]


def test_what_cannot_be_read_is_told_and_the_rest_is_there(scene):
    analysis_id = completed(scene, {**everything(), "inference_data": inference_data(b"nothing")})
    files = unpacked(scene.user.get(path(analysis_id)).body)
    assert "inference_data.nc" not in files
    states = {one["kind"]: one["state"] for one in json.loads(files["products.json"])}
    assert (states["inference_data"], states["results"]) == ("failed", "ready")
    assert {"results.json", "plots/0.png"} <= set(files)


def test_who_may_not_read_the_inputs_does_not_find_them(scene):
    analysis_id = completed(scene, {"results": {"a": 1}})
    colleague = make_user(scene.admin, groups=[scene.group_id])
    assert "inputs.json" not in unpacked(colleague.get(path(analysis_id)).body)
    assert "inputs.json" in unpacked(scene.admin.get(path(analysis_id)).body)
    assert scene.outsider().get(path(analysis_id)).error == (403, "Cannot access this Analysis.")


def test_a_run_without_a_result_has_its_record(scene):
    assert set(unpacked(scene.user.get(path(scene.start())).body)) == {"record.json", "products.json"}


def test_while_products_are_made_it_is_asked_for_again(scene):
    analysis_id = completed(scene, collected=False)
    assert scene.user.get(path(analysis_id)).error[0] == 503
    drain()
    assert scene.user.get(path(analysis_id)).status == 200


def test_an_archive_that_breaks_off_leaves_nothing_behind(scene, monkeypatch):
    analysis_id = completed(
        scene, {"results": {"text": large_text(24_000_000)}, "plots": everything()["plots"]}, upload=True
    )
    scene.user.get(f"/api/obj/analysis/{analysis_id}/results")
    before = stored("answers/")
    monkeypatch.setattr("chalicelib.analyses.run.large_objects.Parts.add", lambda *_: 1 / 0)
    assert scene.user.get(path(analysis_id)).error[0] == 500
    assert stored("answers/") == before
