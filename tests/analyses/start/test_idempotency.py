import time
from datetime import timedelta

import pytest

from chalicelib.accounts import idempotency
from chalicelib.analyses.start import start as starting
from tests.support.parallel import at_once
from tests.support.people import make_user
from tests.support.scene import register
from tests.support.worker import drain, take

KEY = {"Idempotency-Key": "one"}


@pytest.fixture
def post(scene):
    path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
    return lambda body=None, headers=KEY, user=scene.user: user.post(path, body or {}, headers=headers)


def listed(scene):
    return [row["id"] for row in scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data]


def test_the_same_key_starts_one_analysis_and_answers_the_same(scene, post):
    first, second = post({"show_plots": True}), post({"show_plots": True})
    assert first.data == second.data
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert listed(scene) == [first.data["id"]]


def test_the_same_key_with_another_body_is_refused(scene, post):
    post({"show_plots": True})
    code, message = post({"show_plots": False}).error
    assert code == 409
    assert "another body" in message


def test_the_order_of_keys_in_a_body_says_nothing(scene, post):
    assert post({"show_plots": True, "show_corner": True}).data == post({"show_corner": True, "show_plots": True}).data


def test_other_keys_other_users_and_no_key_start_others(scene, post):
    colleague = make_user(scene.admin, groups=[scene.group_id])
    answers = [
        post(),
        post(headers={"Idempotency-Key": "two"}),
        post(user=colleague),
        post(headers={}),
        post(headers={}),
    ]
    assert len({answer.data["id"] for answer in answers}) == 5


def test_concurrent_duplicates_start_one_and_all_get_its_id(scene, post):
    answers = at_once(lambda _: post().data["id"], range(6))
    assert len(set(answers)) == 1
    assert len(take("dispatch")) == 1


def test_a_request_that_was_refused_may_be_repeated(scene, post):
    assert scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": False}).status == 200
    assert post().error[0] == 403
    assert scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": True}).status == 200
    assert post().status == 200


def test_a_function_that_dies_after_it_started_the_analysis_starts_no_second_one(scene, post, monkeypatch):
    def die(_run):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(starting.dispatch_queue, "send", die)
        assert post().error[0] == 500
    (recorded,) = listed(scene)
    assert post().data == {"id": recorded}
    assert listed(scene) == [recorded]


def test_a_lock_that_was_left_is_taken_over_when_its_time_is_over(scene, post, monkeypatch):
    monkeypatch.setattr(idempotency, "_unlock", lambda _: None)
    monkeypatch.setattr(idempotency, "_LOCK", timedelta(seconds=1))

    def die(_run):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(starting.dispatch_queue, "send", die)
        post()
    started = time.monotonic()
    assert post().data["id"] in listed(scene)
    assert time.monotonic() - started < 10


def test_an_upload_is_stored_once(scene):
    service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    path = f"/api/obj/{scene.obj_id}/analysis_upload/{service_id}"
    answers = [scene.user.post(path, {"message": "by hand"}, headers=KEY).data for _ in range(2)]
    assert answers[0] == answers[1]
    assert len(listed(scene)) == 1


def test_a_retry_is_started_once(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    ids = {scene.user.post(f"/api/obj/analysis/{analysis_id}/retry", headers=KEY).data["id"] for _ in range(2)}
    assert len(ids) == 1
    assert len(listed(scene)) == 2


@pytest.mark.parametrize("key", [" ", "x" * 256])
def test_a_key_that_is_none_is_refused(post, key):
    assert post(headers={"Idempotency-Key": key}).error[0] == 400
