"""Cancelling, repeating and following an analysis, and how its service does."""

import pytest

from tests.support.people import make_user
from tests.support.scene import register
from tests.support.service import Reaction
from tests.support.worker import drain

FILE = "data:image/fits;name=cube.fits;base64,QUJD"


def path(analysis_id, what):
    return f"/api/obj/analysis/{analysis_id}/{what}"


def test_a_waiting_analysis_is_cancelled_and_never_sent(scene):
    analysis_id = scene.start()
    assert scene.user.post(path(analysis_id, "cancel")).data == {}
    drain()
    assert scene.service.received == []
    record = scene.read(analysis_id)
    assert (record["status"], record["status_message"]) == ("cancelled", f"Cancelled by {scene.user.username}.")


def test_the_result_of_a_cancelled_analysis_is_refused(scene):
    analysis_id = scene.start()
    drain()
    assert scene.user.post(path(analysis_id, "cancel")).status == 200
    code, message = scene.answer(scene.service.received[0].token).error
    assert code == 403
    assert "status='cancelled'" in message


def test_what_has_ended_is_not_cancelled(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    code, message = scene.user.post(path(analysis_id, "cancel")).error
    assert code == 400
    assert "completed" in message


@pytest.mark.parametrize("what", ["cancel", "retry", "attempts", "inputs"])
def test_only_its_author_and_administrators_may(scene, what):
    analysis_id = scene.start()
    drain()
    if what == "retry":
        scene.answer(scene.service.received[0].token)
    method = "POST" if what in {"cancel", "retry"} else "GET"
    colleague = make_user(scene.admin, groups=[scene.group_id])
    assert colleague.call(method, path(analysis_id, what)).error[0] == 403
    assert scene.admin.call(method, path(analysis_id, what)).status == 200


def test_a_repeated_analysis_sends_the_same_inputs_and_parameters(scene):
    first = scene.start(analysis_parameters={"source": "salt2", "cube": FILE}, show_plots=True)
    drain()
    scene.answer(scene.service.received[0].token, {"status": "failure", "message": "no"})
    assert scene.user.patch(f"/api/sources/{scene.obj_id}", {"redshift": 0.9}).status == 200
    second = scene.user.post(path(first, "retry")).data["id"]
    drain()
    before, after = (got.document for got in scene.service.received)
    assert second != first
    assert after["inputs"] == before["inputs"]
    assert after["inputs"]["analysis_parameters"]["cube"] == FILE
    assert after["callback_url"] != before["callback_url"]
    records = scene.read(first), scene.read(second)
    for name in ("analysis_parameters", "show_plots", "input_filters", "analysis_service_id"):
        assert records[0][name] == records[1][name]
    assert scene.user.get(path(second, "inputs")).data["inputs"] == before["inputs"]


def test_what_was_never_sent_is_assembled_when_it_is_repeated(scene):
    first = scene.start(analysis_parameters={"source": "salt2", "cube": FILE})
    assert scene.user.post(path(first, "cancel")).status == 200
    drain()
    assert scene.user.post(path(first, "retry")).status == 200
    drain()
    (got,) = scene.service.received
    assert got.document["inputs"]["analysis_parameters"] == {"source": "salt2", "cube": FILE}


def test_what_a_retry_names_replaces_what_was_and_gathers_the_inputs_anew(scene):
    first = scene.start(analysis_parameters={"source": "salt2", "cube": FILE}, show_plots=True)
    drain()
    scene.answer(scene.service.received[0].token)
    assert scene.user.patch(f"/api/sources/{scene.obj_id}", {"redshift": 0.9}).status == 200
    second = scene.user.post(path(first, "retry"), {"analysis_parameters": {"source": "salt3"}}).data["id"]
    none = {"input_filters": {"photometry": {"filters": ["ztfi"]}}}
    third = scene.user.post(path(first, "retry"), none).data["id"]
    drain()
    sent = [got.document["inputs"] for got in scene.service.received[1:]]
    parameters, filters = sorted(sent, key=lambda inputs: "cube" in inputs["analysis_parameters"])
    assert parameters["analysis_parameters"] == {"source": "salt3"}
    assert "0.9" in parameters["redshift"]
    assert filters["analysis_parameters"] == {"source": "salt2", "cube": FILE}
    assert "ztf" not in filters["photometry"]
    assert scene.read(second)["show_plots"] is True
    assert scene.read(third)["input_filters"]["photometry"]["filters"] == ["ztfi"]


def test_a_retry_with_parameters_that_are_not_declared_starts_nothing(scene):
    first = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    code, message = scene.user.post(path(first, "retry"), {"analysis_parameters": {"undeclared": 1}}).error
    assert code == 400
    assert "undeclared" in message


def test_an_analysis_that_has_not_ended_is_not_repeated(scene):
    code, message = scene.user.post(path(scene.start(), "retry")).error
    assert code == 400
    assert "not ended" in message


def test_every_attempt_is_listed_with_the_next_try(scene, clock):
    scene.service.react = lambda _: Reaction(503, b"down") if len(scene.service.received) == 1 else Reaction()
    analysis_id = scene.start()
    drain()
    clock.sweep_after(minutes=3)
    drain()
    first, second = scene.user.get(path(analysis_id, "attempts")).data
    assert (first["outcome"], first["http_status"], first["message"]) == ("retry", 503, "down")
    assert first["at"] < first["next_try"] < second["at"]
    assert first["milliseconds"] >= 0
    assert (second["outcome"], second["http_status"], second["next_try"]) == ("taken", 200, None)


def test_the_attempt_of_a_result_that_overtook_it_is_listed_too(scene):
    def answer_at_once(got):
        scene.answer(got.token)
        return Reaction()

    scene.service.react = answer_at_once
    analysis_id = scene.start()
    drain()
    assert scene.status(analysis_id) == "completed"
    assert [attempt["outcome"] for attempt in scene.user.get(path(analysis_id, "attempts")).data] == ["taken"]


def test_the_inputs_are_what_was_sent_without_callback_and_keys(scene):
    scene.service_id = register(
        scene.admin,
        scene.group_id,
        scene.service.url,
        authentication_type="api_key",
        _authinfo={"api_key": "sesame", "api_key_name": "key"},
    )
    analysis_id = scene.start()
    assert scene.user.get(path(analysis_id, "inputs")).error[0] == 404
    drain()
    sent = scene.service.received[0].document
    kept = {name: value for name, value in sent.items() if name not in {"callback_url", "upload_url", "key"}}
    assert scene.user.get(path(analysis_id, "inputs")).data == kept


def test_health_says_how_the_newest_analyses_went(scene):
    for _ in range(3):
        scene.start()
    drain()
    first, second, _ = (got.token for got in scene.service.received)
    scene.answer(first)
    scene.answer(second, {"status": "failure", "message": "no"})
    health = scene.user.get(f"/api/analysis_service/{scene.service_id}/health").data
    assert health["by_state"] == {"completed": 1, "failure": 1, "pending": 1}
    assert health["window"]["analyses"] == 3
    assert health["seconds"]["median"] == health["seconds"]["percentile_95"] > 0
    assert health["last_success"] is not None
    assert health["circuit"] == {"state": "closed", "failures": 0, "paused_until": None}
    assert scene.outsider().get(f"/api/analysis_service/{scene.service_id}/health").error[0] == 403


def test_a_ping_says_what_came_back(scene):
    ping = f"/api/analysis_service/{scene.service_id}/ping"
    answer = scene.user.post(ping).data
    assert (answer["active"], answer["http_status"], answer["message"]) == (True, 200, '{"status": "active"}')
    scene.service.status = 500
    answer = scene.user.post(ping).data
    assert (answer["answered"], answer["active"], answer["http_status"]) == (True, False, 500)
    assert scene.outsider().post(ping).error == (403, "Cannot access this Analysis Service.")


def test_a_ping_of_what_is_not_there_says_so(scene):
    service_id = register(scene.admin, scene.group_id, "http://127.0.0.1:1/analysis")
    answer = scene.user.post(f"/api/analysis_service/{service_id}/ping").data
    assert (answer["answered"], answer["http_status"]) == (False, None)
    assert "could not be reached" in answer["message"]
