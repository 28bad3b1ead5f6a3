"""Products of any size: direct or led to, whole or in parts, and the list of them."""

import json
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
import requests

from chalicelib.settings import settings
from tests.support.completed import b64, completed, everything, inference_data, large_text
from tests.support.netcdf import netcdf_file
from tests.support.scene import PNG, stored
from tests.support.worker import drain

PATHS = ["results", "plots/0", "corner", "inference_data"]
NAMES = {"results": "results.json", "plots/0": "plot_0.png", "corner": "corner.png"}


def path(analysis_id, product):
    return f"/api/obj/analysis/{analysis_id}/{product}"


@pytest.mark.parametrize("product", PATHS)
def test_every_product_has_a_name_a_tag_and_parts(scene, ended, product):
    analysis_id = ended()
    url = path(analysis_id, product)
    whole = scene.user.get(url)
    service = scene.user.get(f"/api/analysis_service/{scene.service_id}").data["name"].replace(" ", "_")
    name = NAMES.get(product, "inference_data.nc")
    assert f'filename="{scene.obj_id}_{service}_{analysis_id}_{name}"' in whole.headers["Content-Disposition"]
    head = scene.user.head(url)
    assert (head.status, head.headers["ETag"], len(head.body)) == (200, whole.headers["ETag"], len(whole.body))
    assert scene.user.get(url, headers={"If-None-Match": whole.headers["ETag"]}).status == 304
    part = scene.user.get(url, headers={"Range": "bytes=3-9"})
    assert (part.status, part.body) == (206, whole.body[3:10])
    assert part.headers["Content-Range"] == f"bytes 3-9/{len(whole.body)}"
    assert scene.user.get(url, headers={"Range": f"bytes={len(whole.body)}-"}).error[0] == 416


def test_tags_of_different_products_differ(scene, ended):
    analysis_id = ended()
    tags = {scene.user.head(path(analysis_id, product)).headers["ETag"] for product in PATHS}
    tags.add(scene.user.head(path(analysis_id, "results"), download="true").headers["ETag"])
    assert len(tags) == len(PATHS) + 1


@pytest.mark.parametrize("product", PATHS)
def test_a_large_product_is_led_to_and_is_the_same_there(scene, ended, product, monkeypatch):
    url = path(ended(), product)
    direct = scene.user.get(url)
    monkeypatch.setattr("chalicelib.analyses.read.product_file.MOST_INLINE_BYTES", 10)
    led = scene.user.get(url)
    assert (led.status, led.body) == (307, b"")
    found = requests.get(led.headers["Location"], timeout=5)
    assert found.content == direct.body
    assert found.headers["Content-Disposition"] == direct.headers["Content-Disposition"]
    assert found.headers["Content-Type"] == direct.headers["Content-Type"]
    valid = int(parse_qs(urlsplit(led.headers["Location"]).query)["X-Amz-Expires"][0])
    assert 30 <= valid <= 3600
    head = requests.head(scene.user.head(url).headers["Location"], timeout=5)
    assert head.headers["ETag"] == found.headers["ETag"]
    assert int(head.headers["Content-Length"]) == len(direct.body)


@pytest.mark.parametrize("megabytes", [4.5, 9, 13])
def test_large_results_have_the_envelope_of_small_ones(scene, megabytes):
    data = {"text": large_text(int(megabytes * 1e6))}
    analysis_id = completed(scene, {"results": data}, upload=True)
    for _ in range(2):
        led = scene.user.get(path(analysis_id, "results"))
        assert led.status == 307
        answer = requests.get(led.headers["Location"], timeout=20)
        assert answer.headers["Content-Type"] == "application/json"
        assert answer.json() == {"status": "success", "data": data, "version": answer.json()["version"]}
    (listed,) = scene.user.get(path(analysis_id, "products")).data["products"]
    assert listed["bytes"] == len(answer.content)
    downloaded = scene.user.get(path(analysis_id, "results"), download="true")
    found = requests.get(downloaded.headers["Location"], timeout=20)
    assert found.json() == data
    assert found.headers["Content-Disposition"].startswith("attachment")


def test_what_cannot_be_put_together_leaves_nothing_behind(scene, monkeypatch):
    def broken(*_):
        raise ConnectionError

    analysis_id = completed(scene, {"results": {"text": large_text(13_000_000)}}, upload=True)
    monkeypatch.setattr("chalicelib.analyses.run.large_objects.Parts.add_rest_of", broken)
    assert scene.user.get(path(analysis_id, "results")).error[0] == 500
    listed = boto3.client("s3").list_multipart_uploads(Bucket=settings().bucket)
    assert listed.get("Uploads", []) == []
    assert stored("answers/") == []


def test_inference_data_are_the_file_that_came(scene, ended):
    analysis_id, file = ended(), netcdf_file()
    answer = scene.user.get(path(analysis_id, "inference_data"))
    assert (answer.body, answer.headers["Content-Type"]) == (file, "application/x-netcdf")


def test_inference_data_can_be_read_before_they_are_collected(scene):
    file = netcdf_file()
    analysis_id = completed(scene, {"inference_data": inference_data(file)}, collected=False)
    assert scene.user.get(path(analysis_id, "inference_data")).body == file


@pytest.mark.parametrize("product", ["inference_data", "corner"])
def test_what_was_uploaded_and_is_not_read_yet_is_asked_for_again(scene, product):
    analysis_id = completed(scene, upload=True, collected=False)
    answer = scene.user.get(path(analysis_id, product))
    assert (answer.error[0], int(answer.headers["Retry-After"]) > 0) == (503, True)
    drain()
    assert scene.user.get(path(analysis_id, product)).status == 200


def test_inference_data_that_were_not_sent_or_cannot_be_read_are_not_found(scene):
    none = completed(scene, {"results": {"a": 1}})
    message = "No inference data found for this Analysis."
    assert scene.user.get(path(none, "inference_data")).error == (404, message)
    broken = completed(scene, {"inference_data": inference_data(b"no netCDF")})
    code, message = scene.user.get(path(broken, "inference_data")).error
    assert (code, "cannot be read" in message) == (404, True)


def test_the_list_says_what_can_be_read_where(scene, ended):
    analysis_id = ended()
    listed = scene.user.get(path(analysis_id, "products")).data["products"]
    kinds = [(one["kind"], one.get("number"), one["state"]) for one in listed]
    assert kinds == [
        ("results", None, "ready"),
        ("plot", 0, "ready"),
        ("corner", None, "ready"),
        ("inference_data", None, "ready"),
        ("posterior", None, "ready"),
    ]
    for one in listed:
        assert "problem" not in one
        answer = scene.user.get(one["url"])
        assert answer.status == 200
        assert one.get("bytes", len(answer.body)) == len(answer.body)
        assert one.get("media_type", answer.headers["Content-Type"]) == answer.headers["Content-Type"]


def test_the_corner_waits_when_results_can_be_read(scene):
    analysis_id = completed(scene, collected=False)
    before = {one["kind"]: one["state"] for one in scene.user.get(path(analysis_id, "products")).data["products"]}
    assert set(before.values()) == {"waiting"}
    assert scene.user.get(path(analysis_id, "results")).status == 200
    states = {one["kind"]: one["state"] for one in scene.user.get(path(analysis_id, "products")).data["products"]}
    assert (states["results"], states["plot"], states["corner"]) == ("ready", "ready", "waiting")


def test_what_failed_says_why(scene):
    bad = {
        "results": {"format": "joblib", "data": b64(b"nothing")},
        "plots": [{"format": "png", "data": "!!"}, {"data": b64(PNG)}],
        "inference_data": inference_data(b"no netCDF"),
    }
    analysis_id = completed(scene, bad)
    listed = scene.user.get(path(analysis_id, "products")).data["products"]
    assert [one["state"] for one in listed] == ["failed", "failed", "ready", "failed", "failed", "failed"]
    for one in listed:
        if one["state"] == "failed":
            assert one["problem"].endswith(".")
            assert 400 <= scene.user.get(one["url"]).status < 500


def test_a_run_without_a_result_has_no_products(scene):
    assert scene.user.get(path(scene.start(), "products")).data == {"products": []}


def test_strangers_see_nothing(scene, ended):
    analysis_id = ended()
    stranger = scene.outsider()
    for product in ("products", *PATHS):
        assert stranger.get(path(analysis_id, product)).error == (403, "Cannot access this Analysis.")


def test_data_that_fit_a_post_and_no_answer_are_refused_with_the_way_to_them(scene):
    """The record around them takes room, too."""
    analysis = {**everything(), "note": ""}
    room = 4_500_000 - len(json.dumps({"status": "success", "message": "fit converged", "analysis": analysis}))
    analysis_id = completed(scene, {**analysis, "note": large_text(room - 100)})
    record = f"/api/obj/analysis/{analysis_id}"
    assert scene.user.get(record).status == 200
    code, message = scene.user.get(record, includeAnalysisData="true").error
    assert code == 413
    for product in ("results", "plots/0", "inference_data", "archive"):
        assert f"/analysis/{analysis_id}/{product}" in message
