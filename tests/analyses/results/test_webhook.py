import json
import threading

import pytest

from chalicelib.analyses.results import acceptance, webhook
from chalicelib.analyses.run.webhook_token import token_of
from tests.support.api import Api
from tests.support.scene import SUCCESS, make_scene, stored
from tests.support.service import Reaction
from tests.support.worker import drain, take


def posted(scene):
    """Start a run, send it, and return its id and token."""
    analysis_id = scene.start()
    drain()
    return analysis_id, scene.service.received[-1].token


def test_a_success_completes_the_analysis(scene):
    analysis_id, token = posted(scene)
    assert scene.answer(token).data == {"status": "success"}
    record = scene.read(analysis_id)
    assert record["status"] == "completed"
    assert record["status_message"] == "fit converged"
    assert record["num_plots"] == 1
    assert record["duration"] > 0
    assert len(record["hash"]) == 64


def test_the_data_comes_back_exactly_as_it_was_sent(scene):
    analysis_id, token = posted(scene)
    sent = {"results": {"z": 1.5, "naïve": "ü"}, "unknown": [1, {"deep": None}], "big": 2**70}
    scene.answer(token, {"status": "success", "message": "m", "analysis": sent, "extra": 1})
    for _ in range(2):  # before and after collection
        data = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").data["data"]
        assert data == sent
        drain()


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({"status": "failure", "message": "no convergence"}, "failure", "no convergence"),
        ({"status": "error"}, "failure", ""),
        ({}, "failure", ""),
        ({"message": "m", "analysis": {"results": {"a": 1}}}, "failure", "m"),
        ({"status": "success", "analysis": None}, "completed", ""),
        ({"status": "success", "message": 5, "analysis": {}}, "completed", "5"),
        ({"status": "success", "message": None, "analysis": ""}, "completed", ""),
        ({"status": "success", "message": {"code": [7, "é"]}}, "completed", '{"code": [7, "\\u00e9"]}'),
        ({"status": None, "message": ["a"]}, "failure", '["a"]'),
        ({"status": True}, "failure", ""),
        ({"status": 200, "message": False}, "failure", "false"),
        ({"status": "success", "message": "x" * 10_000}, "completed", "x" * 3996 + " …"),
    ],
)
def test_what_services_post_in_real_use(scene, body, status, message):
    analysis_id, token = posted(scene)
    assert scene.answer(token, body).status == 200
    record = scene.read(analysis_id)
    assert (record["status"], record["status_message"]) == (status, message)


def test_data_that_comes_with_a_failure_is_kept(scene):
    analysis_id, token = posted(scene)
    scene.answer(token, {"status": "failure", "message": "bad", "analysis": {"results": {"chi2": 900.0}}})
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == {"chi2": 900.0}


def test_a_token_works_once_even_for_an_identical_body(scene):
    _, token = posted(scene)
    scene.answer(token)
    assert scene.answer(token).error == (
        403,
        "Analysis already updated with status='completed' and message=fit converged",
    )


@pytest.mark.parametrize("token", ["", "x", "5a601946-30dd-45f7-93f0-1362a01758b1", "%00", "a" * 5000])
def test_an_unknown_token_is_invalid(scene, token):
    code, message = scene.answer(token or "-").error
    assert (code, message) == (403, "Invalid token")


def test_the_token_of_a_run_that_never_was_is_invalid(scene):
    assert scene.answer(token_of(12345)).error == (403, "Invalid token")


@pytest.mark.parametrize(
    "raw", [b"{", b"[1]", b'"text"', b"\xff\xfe", b"[" * 200_000, b'{"a":' * 200 + b"1" + b"}" * 200]
)
def test_malformed_json_leaves_the_token_valid(scene, raw):
    analysis_id, token = posted(scene)
    code, message = scene.answer(token, raw=raw).error
    assert code == 400
    assert message.startswith("Error parsing JSON: ")
    assert scene.status(analysis_id) == "pending"
    assert scene.answer(token).status == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        *(({"analysis": wrong}, "analysis") for wrong in ([], [{"plots": []}], 5, 0, 1.5, True, False)),
        *(
            ({"analysis": text}, "analysis")
            for text in ("done", "[1]", "5", "null", '"{}"', "{", '{"a": 1} x', "\ud800")
        ),
        ({"status": ["success"], "analysis": {"results": {}}}, "status"),
        ({"status": {"code": 1}}, "status"),
    ],
)
def test_a_result_that_could_not_be_read_leaves_the_token_valid(scene, body, field):
    analysis_id, token = posted(scene)
    code, message = scene.answer(token, {"status": "success", **body}).error
    assert code == 400
    assert message.startswith(f"Invalid {field}: ")
    assert scene.status(analysis_id) == "pending"
    assert stored("incoming/") == []
    assert scene.answer(token).status == 200
    assert scene.status(analysis_id) == "completed"


@pytest.mark.parametrize("text", ['{"results":{"format":"json","data":{"z":0.5}}}', ' {"results": {"z": 0.5}}\n'])
def test_an_analysis_as_json_text_is_read(scene, text):
    analysis_id, token = posted(scene)
    assert scene.answer(token, {"status": "success", "message": "m", "analysis": text}).status == 200
    one = f"/api/obj/analysis/{analysis_id}"
    for _ in range(2):  # before and after collection
        assert scene.user.get(one, includeAnalysisData="true").data["data"] == json.loads(text)
        assert scene.user.get(f"{one}/results").data == {"z": 0.5}
        drain()
    assert scene.read(analysis_id)["hash"] != scene.read(scene.start())["hash"]


def test_text_with_nan_and_half_pairs_in_it_is_read_as_the_body_is(scene):
    analysis_id, token = posted(scene)
    text = '{"results": {"chi2": NaN, "name": "\\ud800"}}'
    assert scene.answer(token, {"status": "success", "analysis": text}).status == 200
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data["chi2"] is None


def test_a_body_that_is_too_large_leaves_the_token_valid(scene):
    analysis_id, token = posted(scene)
    code, message = scene.answer(token, raw=b'{"a":"' + b"x" * 4_600_000 + b'"}').error
    assert code == 413
    assert "4500000" in message
    assert scene.status(analysis_id) == "pending"


def test_an_expired_token_ends_the_analysis_as_timed_out(scene, clock):
    analysis_id, token = posted(scene)
    clock.advance(seconds=601)
    assert scene.answer(token).error == (400, "Token has expired")
    assert scene.status(analysis_id) == "timed_out"
    assert scene.answer(token).error[0] == 403
    assert stored("incoming/") == []


def test_a_late_post_does_not_bury_an_earlier_result_that_was_stored(scene, clock):
    analysis_id, token = posted(scene)
    acceptance.store(analysis_id, SUCCESS)
    clock.advance(seconds=601)
    code, message = scene.answer(token, {"status": "failure"}).error
    assert code == 403
    assert "status='completed'" in message
    assert scene.read(analysis_id)["status_message"] == "fit converged"


def test_a_result_that_overtakes_the_acknowledgement_wins(scene):
    for _ in range(10):
        scene.service.react = lambda got: (scene.answer(got.token), Reaction())[1]
        analysis_id = scene.start()
        drain()
        record = scene.read(analysis_id)
        assert (record["status"], record["status_message"]) == ("completed", "fit converged")


def test_of_many_posts_at_once_exactly_one_counts_and_its_data_is_stored(scene):
    analysis_id, token = posted(scene)
    barrier, answers = threading.Barrier(32), {}

    def post(number):
        body = {"status": "success", "message": f"from {number}", "analysis": {"results": {"writer": number}}}
        barrier.wait()
        answers[number] = scene.answer(token, body)

    threads = [threading.Thread(target=post, args=(number,)) for number in range(32)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    codes = sorted(answer.status for answer in answers.values())
    assert codes == [200] + [403] * 31
    (winner,) = [number for number, answer in answers.items() if answer.status == 200]
    drain()
    assert scene.read(analysis_id)["status_message"] == f"from {winner}"
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == {"writer": winner}
    assert len(stored(f"incoming/{analysis_id}/")) == 1


def test_the_token_of_one_run_says_nothing_of_another(scene):
    first, token = posted(scene)
    second = scene.start()
    drain()
    scene.answer(token)
    assert (scene.status(first), scene.status(second)) == ("completed", "pending")


def test_a_webhook_that_dies_between_its_put_and_its_commit_is_made_good_by_the_sweep(scene, clock, monkeypatch):
    analysis_id, token = posted(scene)

    def die(*_):
        raise MemoryError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(acceptance, "commit", die)
        with pytest.raises(MemoryError):
            webhook.receive(token, json.dumps(SUCCESS).encode())
    assert scene.status(analysis_id) == "pending"
    clock.sweep_after(seconds=65)
    assert scene.status(analysis_id) == "completed"
    drain()
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/plots/0").status == 200


def test_a_sweep_that_adopts_a_result_under_the_hands_of_its_webhook_does_no_harm(scene, clock, monkeypatch):
    analysis_id, token = posted(scene)
    store = acceptance.store

    def store_and_be_slow(run_id, body):
        receipt = store(run_id, body)
        clock.sweep_after(seconds=65)
        return receipt

    monkeypatch.setattr(acceptance, "store", store_and_be_slow)
    assert scene.answer(token).data == {"status": "success"}
    assert scene.status(analysis_id) == "completed"
    assert len(stored(f"incoming/{analysis_id}/")) == 1


def test_a_webhook_that_dies_after_its_commit_is_collected_by_the_sweep(scene, clock):
    analysis_id, token = posted(scene)
    scene.answer(token)
    take("collect")  # the message is lost
    clock.sweep_after(seconds=65)
    assert [message["run"] for message in take("collect")] == [analysis_id]


def test_a_post_to_a_deleted_analysis_leaves_nothing(scene):
    analysis_id, token = posted(scene)
    scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    assert scene.answer(token).error == (403, "Invalid token")
    drain()
    assert stored("") == []


def test_the_token_is_the_only_authentication(scene):
    _, token = posted(scene)
    assert Api("nonsense").post(f"/api/webhook/obj_analysis/{token}", SUCCESS).status == 200


def test_other_methods_do_not_touch_the_token(admin, service):
    scene = make_scene(admin, service)
    _, token = posted(scene)
    assert scene.user.get(f"/api/webhook/obj_analysis/{token}").error[0] == 405


@pytest.mark.parametrize(
    "analysis",
    [
        {"annotations": [{"data": {"a": "\ud800"}}]},
        {"annotations": ["x", {"origin": "o"}, {"data": 5}]},
        {"annotations": "x", "classifications": {"a": 1}},
        {"classifications": [{"classification": "c" * 9000, "taxonomy_id": 1, "probability": 1e-320}] * 130},
        {"model_name": "\ud800", "n_detections": "x", "model_lightcurve": 5},
        {"n_detections": True, "model_lightcurve": {"\ud800": 1.5}, "\udfff": None},
        {"plots": {}, "results": 5},
        {"plots": [5, None, {}] * 200},
    ],
)
def test_odd_contents_spoil_nothing_else(scene, analysis):
    analysis_id, token = posted(scene)
    plots = analysis.get("plots", SUCCESS["analysis"]["plots"])
    sent = {"results": {"a": 1}, **analysis, "plots": plots}
    assert scene.answer(token, {"status": "success", "message": "\ud800", "analysis": sent}).status == 200
    drain()
    assert scene.status(analysis_id) == "completed"
    rows = scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data
    assert [row["id"] for row in rows] == [analysis_id]
    data = scene.user.get(f"/api/obj/analysis/{analysis_id}", includeAnalysisData="true").data["data"]
    assert data == sent
    if sent["results"] == {"a": 1}:
        assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data == {"a": 1}
