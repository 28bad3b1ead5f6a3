"""Results that are too large to be posted: a form, the document to S3, a commit; nothing else uses up the token."""

import base64
import gzip
import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.analyses.results import acceptance
from chalicelib.settings import MAX_BODY_BYTES, settings
from tests.support.api import Api
from tests.support.people import make_user
from tests.support.scene import PNG, SUCCESS, register, stored
from tests.support.storage import stored_objects, stored_text
from tests.support.uploads import ask, commit, form_of, send
from tests.support.worker import drain

DOCUMENT = {**SUCCESS, "status": "failure", "message": "of the document"}
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def sent(scene):
    """A run that its service has."""
    analysis_id = scene.start()
    drain()
    return analysis_id


@pytest.fixture
def token(scene, sent):
    return scene.service.received[0].token


def policy_of(form):
    return json.loads(base64.b64decode(form["fields"]["policy"]))


def test_the_service_is_told_where_to_ask_for_a_form_and_nobody_else(scene, sent, token):
    document = scene.service.received[0].document
    assert document["upload_url"] == f"{document['callback_url']}/upload"
    assert urlsplit(document["upload_url"])[:2] == urlsplit(document["callback_url"])[:2]
    assert "upload_url" not in scene.user.get(f"/api/obj/analysis/{sent}/inputs").data
    assert token not in stored_text() + stored_objects()
    assert "upload_url" not in stored_text() + stored_objects()


def test_a_form_is_for_one_object_of_limited_size_and_time(scene, sent, token):
    before = datetime.fromisoformat(scene.read(sent)["invalid_after"])
    form = form_of(token)
    assert set(form) == {"url", "fields", "max_bytes", "expires_at"}
    assert form["max_bytes"] == settings().max_upload_bytes == 256_000_000
    expires_at = datetime.fromisoformat(form["expires_at"])
    assert expires_at.tzinfo is None
    assert before - timedelta(seconds=5) < expires_at <= before
    conditions = policy_of(form)["conditions"]
    assert ["content-length-range", 1, 256_000_000] in conditions
    assert {"key": form["fields"]["key"]} in conditions
    assert token not in json.dumps(policy_of(form))


def test_status_and_message_of_the_commit_win(scene, sent, token):
    send(form_of(token), SUCCESS)
    commit(token, status="failure", message="no convergence")
    record = scene.read(sent)
    assert (record["status"], record["status_message"]) == ("failure", "no convergence")


def test_a_commit_without_an_upload_is_refused_and_the_token_stays_valid(scene, sent, token):
    form_of(token)
    code, message = commit(token).error
    assert (code, "uploaded" in message, "upload_url" in message) == (400, True, True)
    assert scene.status(sent) == "pending"
    assert scene.answer(token).status == 200


def test_an_unknown_or_used_token_gets_no_form(scene, sent, token):
    assert ask(UNKNOWN).error == (403, "Invalid token")
    assert ask("nonsense").error == (403, "Invalid token")
    scene.answer(token)
    code, message = ask(token).error
    assert (code, "already updated" in message) == (403, True)


def test_a_used_token_cannot_commit(scene, sent, token):
    send(form_of(token), SUCCESS)
    commit(token)
    code, message = commit(token).error
    assert (code, "already updated" in message) == (403, True)


def test_an_expired_token_gets_no_form(scene, sent, token, clock):
    clock.advance(seconds=601)
    assert ask(token).error == (400, "Token has expired")


def test_an_ordinary_post_counts_even_if_something_was_uploaded(scene, sent, token):
    send(form_of(token), {"analysis": {"results": {"value": 1}}})
    scene.answer(token, {"status": "success", "analysis": {"results": {"value": 2}}, "uploaded": True})
    drain()
    assert scene.user.get(f"/api/obj/analysis/{sent}/results").data == {"value": 2}


def test_what_was_uploaded_and_never_committed_is_no_result_and_is_removed(scene, sent, token, clock):
    send(form_of(token), SUCCESS)
    assert len(stored("uploads/")) == 1
    for _ in range(3):
        clock.sweep_after(minutes=12)
        drain()
    assert scene.status(sent) == "timed_out"
    assert stored("uploads/") == []
    assert stored("incoming/") == []


def test_what_a_run_leaves_that_ended_otherwise_is_removed_when_its_form_has_expired(scene, sent, token, clock):
    send(form_of(token), SUCCESS)
    scene.user.post(f"/api/obj/analysis/{sent}/cancel")
    assert ask(token).status == 403
    clock.sweep_after(minutes=12)
    assert stored("uploads/") == []
    assert clock.sweep_after(minutes=60) == {}


def test_deleting_a_run_removes_what_was_uploaded_for_it(scene, sent, token):
    send(form_of(token), SUCCESS)
    scene.user.delete(f"/api/obj/analysis/{sent}")
    drain()
    assert stored("uploads/") == []


def test_a_post_that_is_too_large_says_what_to_do_and_the_attempts_say_so(scene, sent, token):
    raw = b'{"status": "success", "analysis": {"x": "' + b"a" * MAX_BODY_BYTES + b'"}}'
    code, message = scene.answer(token, raw=raw).error
    assert code == 413
    for part in ("upload_url", str(MAX_BODY_BYTES), "too large"):
        assert part in message
    *_, last = scene.user.get(f"/api/obj/analysis/{sent}/attempts").data
    assert (last["outcome"], last["http_status"]) == ("too_large", 413)
    assert "too large" in last["message"]
    assert "upload" in last["message"]
    assert scene.answer(token).status == 200


def test_a_compressed_post_that_is_too_large_unpacked_says_the_same(scene, sent, token):
    raw = gzip.compress(bytes(MAX_BODY_BYTES + 1))
    path = f"/api/webhook/obj_analysis/{token}"
    code, message = Api(None).post(path, raw=raw, headers={"Content-Encoding": "gzip"}).error
    assert code == 413
    for part in ("upload_url", str(MAX_BODY_BYTES), "too large", "unpacked"):
        assert part in message
    *_, last = scene.user.get(f"/api/obj/analysis/{sent}/attempts").data
    assert (last["outcome"], "too large" in last["message"]) == ("too_large", True)
    assert scene.answer(token).status == 200


def test_posts_that_are_too_large_are_noted_five_times(scene, sent, token):
    raw = bytes(MAX_BODY_BYTES + 1)
    for _ in range(7):
        scene.answer(token, raw=raw)
    outcomes = [one["outcome"] for one in scene.user.get(f"/api/obj/analysis/{sent}/attempts").data]
    assert outcomes == ["taken", *["too_large"] * 5]
    assert scene.answer(UNKNOWN, raw=raw).error[0] == 413


@pytest.fixture
def uploading(scene):
    """The scene with an upload-only service."""
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    return scene


def upload_path(scene):
    return f"/api/obj/{scene.obj_id}/analysis_upload/{scene.service_id}"


def test_nobody_commits_what_another_user_uploaded(uploading):
    form = uploading.user.post(f"{upload_path(uploading)}/form").data
    send(form, SUCCESS)
    colleague = make_user(uploading.admin, groups=[uploading.group_id])
    assert colleague.post(upload_path(uploading), {"uploaded": form["upload"]}).error[0] == 400


@pytest.mark.parametrize("name", ["", "../x", "A" * 32, 5, ["a"]])
def test_a_name_that_no_form_has_is_refused(uploading, name):
    code, message = uploading.user.post(upload_path(uploading), {"uploaded": name}).error
    assert (code, "uploaded" in message) == (400, True)


def test_who_may_not_upload_gets_no_form(uploading, scene):
    viewer = make_user(uploading.admin, roles=["View only"], groups=[uploading.group_id])
    assert viewer.post(f"{upload_path(uploading)}/form").status == 401
    assert uploading.outsider().post(f"{upload_path(uploading)}/form").status == 403
    called = register(scene.admin, scene.group_id, scene.service.url)
    refused = scene.user.post(f"/api/obj/{scene.obj_id}/analysis_upload/{called}/form").error
    assert refused == (403, f"Analysis Service ID: {called} is not of type upload_only.")


@pytest.mark.parametrize(
    ("pack", "headers"), [(bytes, {}), (gzip.compress, {"Content-Encoding": "gzip"})], ids=["plain", "gzip"]
)
def test_an_upload_that_is_too_large_names_the_way_to_a_form(uploading, pack, headers):
    raw = pack(bytes(MAX_BODY_BYTES + 1))
    code, message = uploading.user.post(upload_path(uploading), raw=raw, headers=headers).error
    assert (code, f"{upload_path(uploading)}/form" in message) == (413, True)


@pytest.mark.parametrize("pack", [lambda content: content, gzip.compress], ids=["plain", "gzip"])
def test_an_uploaded_result_is_read_like_a_posted_one(scene, sent, token, pack):
    assert send(form_of(token), pack(json.dumps(DOCUMENT).encode())).status_code == 204
    assert scene.status(sent) == "pending"
    assert commit(token).data == {"status": "success"}
    record = scene.read(sent)
    assert (record["status"], record["status_message"]) == ("completed", "fit converged")
    drain()
    below = f"/api/obj/analysis/{sent}"
    assert scene.user.get(f"{below}/results").data == {"z": 0.5, "chi2": None}
    assert scene.user.get(f"{below}/plots/0").body == PNG
    assert scene.read(sent)["num_plots"] == 1


def test_of_several_uploads_the_last_counts_and_one_after_the_commit_does_not(scene, sent, token):
    first, second = form_of(token), form_of(token)
    for value, form in ((1, first), (2, second), (3, first)):
        send(form, {"analysis": {"results": {"value": value}}})
    commit(token)
    send(second, {"analysis": {"results": {"value": 4}}})
    drain()
    assert scene.user.get(f"/api/obj/analysis/{sent}/results").data == {"value": 3}


def test_a_commit_that_died_before_it_was_recorded_is_adopted(scene, sent, token, clock, monkeypatch):
    send(form_of(token), DOCUMENT)
    whole = acceptance.commit
    monkeypatch.setattr("chalicelib.analyses.results.acceptance.commit", lambda *_: 1 / 0)
    assert commit(token, message="é" * 1000).status == 500
    monkeypatch.setattr("chalicelib.analyses.results.acceptance.commit", whole)
    clock.sweep_after(minutes=2)
    drain()
    record = scene.read(sent)
    assert (record["status"], record["status_message"][:3]) == ("completed", "ééé")
    assert scene.user.get(f"/api/obj/analysis/{sent}/results").data == {"z": 0.5, "chi2": None}


def test_a_user_uploads_in_the_same_way(uploading):
    form = uploading.user.post(f"{upload_path(uploading)}/form").data
    assert send(form, SUCCESS).status_code == 204
    body = {"uploaded": form["upload"], "status": "success", "message": "by hand"}
    answer = uploading.user.post(upload_path(uploading), body, headers={"Idempotency-Key": "a"}).data
    assert answer["message"] == "by hand"
    drain()
    assert uploading.user.get(f"/api/obj/analysis/{answer['id']}/plots/0").body == PNG
    assert uploading.status(answer["id"]) == "completed"
    assert stored("uploads/") == []
    again = uploading.user.post(upload_path(uploading), body, headers={"Idempotency-Key": "a"}).data
    assert again["id"] == answer["id"]
    code, message = uploading.user.post(upload_path(uploading), body).error
    assert (code, "uploaded" in message) == (400, True)
