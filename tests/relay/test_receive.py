import json
from datetime import timedelta

import pytest

from chalicelib.analyses.items.run import Run
from tests.support.scene import register, stored, stored_json
from tests.support.worker import drain


def test_a_run_is_recorded_and_answered_before_the_service_hears_of_it(relayed, scene):
    row = relayed.portal.record("ZTF26elsewhere")
    answer = relayed.post(relayed.portal.document(row))
    assert answer.status == 200
    assert scene.service.received == []
    record = scene.read(answer.data["id"])
    assert (record["status"], record["obj_id"]) == ("queued", "ZTF26elsewhere")
    assert record["analysis_parameters"] == {"source": "salt3"}
    assert record["analysis_service_id"] == scene.service_id


@pytest.mark.parametrize("form", ["token {}", "Token {}", "Bearer {}", "bearer  {}", "{}"])
def test_the_token_may_come_in_any_of_the_usual_forms(relayed, form):
    document = relayed.portal.document(relayed.portal.record("ZTF26a"))
    assert relayed.post(document, form.format(relayed.made["token"])).status == 200


@pytest.mark.parametrize("header", ["", "token", "token x", "Bearer é", "Basic {}", "token {}x", "token token {}"])
def test_other_tokens_are_refused(relayed, scene, header):
    document = relayed.portal.document(relayed.portal.record("ZTF26a"))
    assert relayed.post(document, header.format(relayed.made["token"])).error[0] == 401
    assert relayed.post(document, f"token {scene.admin.token}").error[0] == 401
    assert scene.user.get("/api/analysis_runs").data == []


def test_a_token_opens_its_own_relay_only(relayed, scene):
    other = type(relayed)(scene, relayed.portal, relayed.clock)
    document = relayed.portal.document(relayed.portal.record("ZTF26a"))
    assert other.post(document, f"token {relayed.made['token']}").error[0] == 401
    other.path = "/api/relay/987654/run"
    assert other.post(document).error[0] == 401


def test_the_service_gets_the_document_as_it_came_with_our_urls(relayed, scene):
    extra = {"x_custom": {"kept": [1, 2.5, None]}, "upload_url": "https://elsewhere.example.org/upload"}
    row, _ = relayed.begin(**extra)
    (got,) = scene.service.received
    sent = relayed.portal.document(row, **extra)
    ours = {"callback_url", "upload_url", "invalid_after"}
    assert {key: value for key, value in got.document.items() if key not in ours} == {
        key: value for key, value in sent.items() if key not in ours
    }
    assert set(got.document) == set(sent)
    assert "/api/webhook/obj_analysis/" in got.document["callback_url"]
    assert row.token not in got.body.decode()
    assert got.document["upload_url"].startswith(got.document["callback_url"])
    assert got.document["invalid_after"] < sent["invalid_after"]


def test_the_service_is_sent_its_own_credentials_and_a_signature(relayed, scene, admin):
    facts = {"authentication_type": "api_key", "_authinfo": json.dumps({"api_key": "k-secret", "api_key_name": "pass"})}
    service_id = register(admin, scene.group_id, scene.service.url, **facts)
    admin.post(f"/api/analysis_service/{service_id}/signing_secret")
    other = type(relayed)(scene, relayed.portal, relayed.clock, service_id=service_id)
    _, run_id = other.begin(x_custom="kept")
    (got,) = scene.service.received
    assert (got.document["pass"], got.document["x_custom"]) == ("k-secret", "kept")
    assert got.headers["webhook-signature"].startswith("v1,")
    assert "k-secret" not in admin.get(f"/api/obj/analysis/{run_id}/inputs").body.decode()


def test_the_service_never_has_longer_than_the_portal_waits(relayed, scene):
    for timeout, kept in ((100, 50), (400, 130), (700, 140), (3600, 180)):
        row = relayed.portal.record(f"ZTF26x{timeout}", timeout=timeout)
        run = Run.find(relayed.ask(row))
        assert abs((row.invalid_after - run.answer_by).total_seconds() - kept) < 5
        drain()
        assert Run.find(run.id).invalid_after <= run.answer_by


def test_the_callback_of_the_portal_is_kept_out_of_what_is_stored(relayed, scene):
    row, run_id = relayed.begin()
    assert row.token not in str(stored_json(f"inputs/{run_id}.json.gz"))
    inputs = scene.admin.get(f"/api/obj/analysis/{run_id}/inputs")
    assert inputs.data["resource_id"] == row.obj_id
    assert row.token not in inputs.body.decode()
    assert row.token not in str(relayed.facts(run_id))


def test_a_language_models_key_goes_to_the_service_and_to_nobody_else(relayed, scene):
    parameters = {"openai_api_key": "sk-portal-user", "summary_parameters": {"model": "m"}}
    _, run_id = relayed.begin(inputs={"analysis_parameters": parameters, "comments": "text\n"})
    (got,) = scene.service.received
    assert got.document["inputs"]["analysis_parameters"] == parameters
    assert "sk-portal-user" not in str(stored_json(f"inputs/{run_id}.json.gz"))
    assert scene.read(run_id)["analysis_parameters"] == {"summary_parameters": {"model": "m"}}
    assert "sk-portal-user" not in scene.admin.get(f"/api/obj/analysis/{run_id}/inputs").body.decode()


def test_what_is_posted_twice_is_one_run(relayed, scene):
    row = relayed.portal.record("ZTF26a")
    first, second = relayed.ask(row), relayed.ask(row)
    assert first == second
    assert stored("inputs/") == [f"inputs/{first}.json.gz"]
    drain()
    assert len(scene.service.received) == 1
    relayed.answer()
    relayed.forward()
    assert (row.status, row.taken) == ("completed", 1)


def test_a_portal_that_asks_again_after_it_was_told_is_told_again(relayed):
    row, run_id = relayed.begin()
    relayed.answer()
    relayed.forward()
    assert row.status == "completed"
    assert relayed.ask(row) == run_id
    assert row.status == "pending"
    relayed.forward()
    assert row.status == "completed"
    assert relayed.facts(run_id)["asks"] == 2


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"callback_url": None}, 400, "callback_url"),
        ({"callback_url": 5}, 400, "callback_url"),
        ({"callback_url": "https://elsewhere.example.org/x"}, 403, "elsewhere.example.org"),
        ({"callback_url": "http://127.0.0.1:1/x"}, 403, "127.0.0.1:1"),
        ({"callback_url": "http://10.0.0.1/x"}, 400, "private"),
        ({"callback_url": "file:///etc/passwd"}, 400, "callback_url"),
        ({"callback_url": "http://user@127.0.0.1/x"}, 400, "callback_url"),
        ({"callback_method": "PUT"}, 400, "callback_method"),
        ({"invalid_after": "tomorrow"}, 400, "invalid_after"),
        ({"invalid_after": 1e9}, 400, "invalid_after"),
        ({"invalid_after": "2001-01-01 00:00:00.000000"}, 400, "expired"),
        ({"analysis_resource_type": "candidate"}, 400, "analysis_resource_type"),
        ({"resource_id": "a b"}, 400, "resource_id"),
        ({"resource_id": ""}, 400, "resource_id"),
        ({"resource_id": "x" * 256}, 400, "resource_id"),
        ({"inputs": []}, 400, "inputs"),
        ({"inputs": {"photometry": [1]}}, 400, "photometry"),
        ({"inputs": {"analysis_parameters": []}}, 400, "analysis_parameters"),
        ({"analysis_parameters": "x"}, 400, "analysis_parameters"),
    ],
)
def test_what_a_portal_does_not_send_is_refused(relayed, scene, changes, status, words):
    document = relayed.portal.document(relayed.portal.record("ZTF26a"), **changes)
    answer = relayed.post(document)
    assert answer.error[0] == status
    assert words in answer.error[1]
    assert scene.admin.get("/api/analysis_runs").data == []


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S.%f", "%Y-%m-%d %H:%M:%S"])
def test_the_time_may_come_in_any_form_that_python_writes(relayed, form):
    row = relayed.portal.record("ZTF26a")
    document = relayed.portal.document(row, invalid_after=row.invalid_after.strftime(form))
    assert relayed.post(document).status == 200


def test_no_portal_is_waited_for_for_ever(relayed):
    row = relayed.portal.record("ZTF26a")
    run_id = relayed.ask(row, invalid_after="9999-12-31 23:59:59.999999")
    assert relayed.facts(run_id)["valid_until"] < (row.invalid_after + timedelta(days=31)).isoformat()


def test_a_disabled_service_takes_nothing(relayed, scene):
    scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": False})
    assert relayed.post(relayed.portal.document(relayed.portal.record("ZTF26a"))).error[0] == 403


def test_a_document_that_is_too_large_is_refused_with_the_limit(relayed, scene):
    row = relayed.portal.record("ZTF26a")
    answer = relayed.post(relayed.portal.document(row, inputs={"spectra": "x" * 4_600_000}))
    assert answer.error[0] == 413
    assert "4500000" in answer.error[1]
    assert scene.admin.get("/api/analysis_runs").data == []


def test_a_body_that_is_no_object_is_refused(relayed):
    for raw in (b"", b"[]", b"{", b"null", b"\xff"):
        from tests.support.api import Api

        answer = Api(None).post(relayed.path, raw=raw, headers={"Authorization": f"token {relayed.made['token']}"})
        assert answer.error[0] == 400
