import base64
import io
import json
import pickletools
from collections import OrderedDict

import joblib
import numpy as np
import pytest

from chalicelib import aws
from chalicelib.settings import settings
from tests.support.scene import PNG, SUCCESS
from tests.support.service import Reaction
from tests.support.worker import delayed, drain, take

DANGEROUS = {"GLOBAL", "STACK_GLOBAL", "INST", "OBJ", "NEWOBJ", "NEWOBJ_EX", "REDUCE", "BUILD", "PERSID", "BINPERSID"}


def _joblib(value):
    file = io.BytesIO()
    joblib.dump(value, file)
    return {"format": "joblib", "data": base64.b64encode(file.getvalue()).decode()}


def test_a_result_comes_home(relayed):
    row, run_id = relayed.begin()
    relayed.answer()
    assert row.status == "pending"
    relayed.forward()
    assert (row.status, row.status_message, row.taken) == ("completed", "fit converged", 1)
    assert row.results["z"] == 0.5
    assert base64.b64decode(row.data["plots"][0]["data"]) == PNG
    facts = relayed.facts(run_id)
    assert (facts["state"], facts["origin"], facts["resource_id"]) == ("forwarded", relayed.portal.host, row.obj_id)
    assert facts["answer"]["http_status"] == 200
    assert facts["forwarded_at"] is not None
    assert facts["next_try_at"] is None


def test_joblib_is_forwarded_as_plain_values_that_run_nothing(relayed):
    gaps = np.array([[1.0, np.nan], [3.0, 4.0]])
    value = {
        "gaps": gaps,
        "none": [None, None],
        "z": np.float64(0.25),
        "flux": np.arange(3.0),
        "names": ["a", "b"],
        "n": np.int64(3),
        "o": OrderedDict(a=1),
    }
    row, _ = relayed.begin()
    relayed.answer({"status": "success", "message": "", "analysis": {"results": _joblib(value)}})
    relayed.forward()
    content = base64.b64decode(row.data["results"]["data"])
    assert not DANGEROUS & {opcode.name for opcode, _, _ in pickletools.genops(content)}
    found = row.results
    assert np.array_equal(np.array(found.pop("gaps")), gaps, equal_nan=True)
    assert found == {
        "none": [None, None],
        "z": 0.25,
        "flux": [0.0, 1.0, 2.0],
        "names": ["a", "b"],
        "n": 3,
        "o": {"a": 1},
    }


def test_joblib_that_would_run_something_reaches_the_portal_as_data(relayed, tmp_path):
    class Evil:
        def __reduce__(self):
            return open, (str(tmp_path / "owned"), "w")

    row, _ = relayed.begin()
    relayed.answer({"status": "success", "message": "", "analysis": {"results": _joblib({"evil": Evil()})}})
    relayed.forward()
    content = base64.b64decode(row.data["results"]["data"])
    assert not DANGEROUS & {opcode.name for opcode, _, _ in pickletools.genops(content)}
    assert set(row.results) == {"evil"}
    assert not (tmp_path / "owned").exists()


def test_what_cannot_be_read_stays_here_and_is_named(relayed):
    analysis = {
        "results": {"format": "joblib", "data": base64.b64encode(b"\x80\x04no pickle").decode()},
        "plots": [SUCCESS["analysis"]["plots"][0], {"format": "png", "data": base64.b64encode(b"no image").decode()}],
        "inference_data": {"format": "netcdf4", "data": base64.b64encode(b"no netcdf").decode()},
        "posterior_samples": {"x": [1.0, 2.0]},
    }
    row, _ = relayed.begin()
    relayed.answer({"status": "success", "message": "done", "analysis": analysis})
    relayed.forward()
    assert row.status == "completed"
    assert set(row.data) == {"plots", "posterior_samples"}
    assert len(row.data["plots"]) == 1
    for word in ("results", "plot 1", "inference data"):
        assert f"Left out: {word}" in row.status_message


def test_a_failure_is_forwarded_with_its_data_and_message(relayed):
    row, _ = relayed.begin()
    relayed.answer({**SUCCESS, "status": "failure", "message": "no convergence"})
    relayed.forward()
    assert (row.status, row.status_message) == ("failure", "no convergence")
    assert set(row.data) == {"plots", "results"}


def test_a_service_that_refuses_is_a_failure_with_its_reason(relayed, scene):
    scene.service.reaction = Reaction(400, b"no such parameter")
    row, _ = relayed.begin()
    relayed.forward()
    assert row.status == "failure"
    assert "no such parameter" in row.status_message


def test_a_service_that_is_down_is_tried_as_long_as_the_portal_waits_and_it_has_its_time(relayed, scene):
    scene.service.reaction = Reaction(503, b"later")  # its timeout here is ten minutes
    row = relayed.portal.record("ZTF26a", timeout=7200)
    run_id = relayed.ask(row)
    drain()
    relayed.clock.sweep_after(seconds=5000)
    drain()
    assert scene.status(run_id) == "queued"
    scene.service.reaction = Reaction()
    relayed.clock.sweep_after(seconds=1200)
    drain()
    assert scene.status(run_id) == "pending"
    relayed.answer()
    relayed.forward()
    assert row.status == "completed"


def test_silence_is_forwarded_while_the_portal_still_takes_it(relayed):
    row = relayed.portal.record("ZTF26a", timeout=1000)
    relayed.ask(row)
    drain()
    relayed.clock.sweep_after(seconds=880)
    relayed.forward()
    assert row.status == "failure"
    assert "timed out" in row.status_message


def test_a_cancelled_run_is_a_failure(relayed, scene):
    row, run_id = relayed.begin()
    scene.admin.post(f"/api/obj/analysis/{run_id}/cancel")
    relayed.forward()
    assert (row.status, "cancelled" in row.status_message) == ("failure", True)


def test_a_deleted_run_is_a_failure(relayed, scene):
    row, run_id = relayed.begin()
    scene.admin.delete(f"/api/obj/analysis/{run_id}")
    drain()
    relayed.forward()
    assert (row.status, "deleted" in row.status_message) == ("failure", True)


@pytest.fixture
def long_wait(monkeypatch):
    """Ten minutes between our answer and the result: no test is so slow."""
    monkeypatch.setenv("SIDEROSTAT_RELAY_WAIT_SECONDS", "600")
    settings.cache_clear()
    yield
    monkeypatch.delenv("SIDEROSTAT_RELAY_WAIT_SECONDS")
    settings.cache_clear()


def test_nothing_is_forwarded_before_the_portal_can_have_written_its_own_state(relayed, long_wait):
    row = relayed.portal.record("ZTF26a")
    relayed.post(relayed.portal.document(row))  # its thread has our answer, and has not written yet
    drain()
    relayed.answer()
    relayed.forward(seconds=300)
    assert row.posts == []
    relayed.portal.acknowledged(row, 200, "taken")
    relayed.forward(seconds=301)
    assert row.status == "completed"


def test_a_portal_that_is_down_is_tried_until_it_is_back(relayed):
    row, run_id = relayed.begin()
    relayed.portal.is_down = True
    relayed.answer()
    for _ in range(4):
        relayed.forward(seconds=60)
    facts = relayed.facts(run_id)
    assert (facts["state"], facts["answer"]["http_status"]) == ("waiting", 503)
    assert facts["next_try_at"] is not None
    assert len(facts["attempts"]) == facts["tries"] == 4
    relayed.portal.is_down = False
    relayed.forward(seconds=600)
    assert (row.status, row.taken) == ("completed", 1)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (500, b"oops"),
        (502, b"<html>"),
        (404, b"<html>nginx</html>"),
        (429, b""),
        (200, b"<html>loading</html>"),
        (200, b'{"status": "error", "message": "busy"}'),
        (403, b'{"status": "error", "message": "Invalid token", "data": {}}'),
        (400, b"<html>proxy</html>"),
    ],
)
def test_answers_that_are_not_the_portals_word_are_tried_again(relayed, status, body):
    row, _ = relayed.begin()
    relayed.portal.answers.append((status, body))
    relayed.answer()
    relayed.forward()
    assert row.taken == 0
    relayed.forward(seconds=60)
    assert (row.status, row.taken) == ("completed", 1)


def test_a_redirect_to_another_host_is_not_followed(relayed):
    row, run_id = relayed.begin()
    relayed.portal.redirect = f"http://localhost:{relayed.portal.server_port}/elsewhere"
    relayed.answer()
    relayed.forward()
    assert row.posts == []
    assert relayed.facts(run_id)["answer"]["http_status"] == 307
    assert "another host" in relayed.facts(run_id)["answer"]["text"]
    relayed.portal.redirect = None
    relayed.forward(seconds=60)
    assert row.status == "completed"


def test_an_end_that_the_portal_had_before_counts_as_done(relayed):
    row, run_id = relayed.begin()
    relayed.answer()
    relayed.portal.rows[row.token].status = "completed"  # it took one whose answer we never had
    relayed.forward()
    facts = relayed.facts(run_id)
    assert (facts["state"], facts["answer"]["http_status"]) == ("forwarded", 403)
    assert "already updated" in facts["answer"]["text"]
    relayed.forward(seconds=3000)
    assert row.posts == [403]


def test_an_expired_token_ends_it(relayed):
    row, run_id = relayed.begin()
    relayed.portal.is_down = True
    relayed.answer()
    relayed.forward()
    row.invalid_after = relayed.portal.now()
    relayed.portal.is_down = False
    relayed.forward(seconds=60)
    facts = relayed.facts(run_id)
    assert (facts["state"], facts["answer"]["http_status"]) == ("given_up", 400)
    assert row.status == "timed_out"


def test_nothing_is_tried_after_the_portal_takes_no_more(relayed):
    _, run_id = relayed.begin()
    relayed.portal.is_down = True
    relayed.answer()
    for _ in range(40):
        relayed.clock.sweep_after(seconds=300)
        relayed.forward(seconds=1)
    facts = relayed.facts(run_id)
    assert facts["state"] == "given_up"
    assert all(one["next_try"] <= facts["valid_until"] for one in facts["attempts"][:-1])
    assert facts["attempts"][-1]["next_try"] is None
    assert take("relay") + delayed("relay") == []


def test_a_result_that_is_too_large_becomes_a_message_with_links(relayed, monkeypatch):
    monkeypatch.setenv("SIDEROSTAT_RELAY_MOST_BYTES", "1000")
    settings.cache_clear()
    try:
        row, run_id = relayed.begin()
        big = {"format": "json", "data": {"text": "x" * 2000}}
        relayed.answer({"status": "success", "message": "done", "analysis": {"results": big}})
        relayed.forward()
    finally:
        monkeypatch.delenv("SIDEROSTAT_RELAY_MOST_BYTES")
        settings.cache_clear()
    assert (row.status, row.data) == ("completed", None)
    assert row.status_message.startswith("done The result is too large")
    assert f"/api/obj/analysis/{run_id}/results" in row.status_message


def test_a_portal_that_takes_less_gets_links_instead(relayed):
    row, run_id = relayed.begin()
    relayed.portal.most_bytes = 400
    relayed.answer({"status": "success", "message": "", "analysis": {"results": {"text": "x" * 1000}}})
    relayed.portal.most_bytes = 1000
    relayed.forward()
    relayed.forward()
    assert row.status == "completed"
    assert f"/api/obj/analysis/{run_id}/results" in row.status_message
    assert [one["http_status"] for one in relayed.facts(run_id)["attempts"]] == [413, 200]


def test_a_message_that_was_lost_is_sent_again_by_the_clock(relayed):
    row, _ = relayed.begin()
    relayed.answer()
    take("relay")
    relayed.clock.sweep_after(seconds=90)
    relayed.forward()
    assert row.status == "completed"


def test_two_messages_forward_once(relayed):
    row, run_id = relayed.begin()
    relayed.answer()
    for _ in range(3):
        aws.send("relay", {"run": run_id})
    relayed.forward()
    relayed.forward()
    assert row.posts == [200]


def test_a_function_that_dies_while_it_forwards_is_followed_by_another(relayed, monkeypatch):
    from chalicelib.relay import forward

    row, _ = relayed.begin()
    relayed.answer()
    real = forward._record
    monkeypatch.setattr(forward, "_record", lambda *_: None)  # it died when the portal had answered
    relayed.forward()
    assert row.posts == [200]
    monkeypatch.setattr(forward, "_record", real)
    relayed.clock.sweep_after(seconds=120)
    relayed.forward(seconds=1)
    assert row.posts == [200]  # the lease is held
    relayed.clock.sweep_after(seconds=240)
    relayed.forward(seconds=1)
    assert row.posts == [200, 403]
    assert row.taken == 1


def test_an_uploaded_result_is_forwarded(relayed, scene):
    from tests.support.uploads import commit, form_of, send

    row, _ = relayed.begin()
    token = scene.service.received[-1].token
    send(form_of(token), SUCCESS)
    commit(token)
    drain()
    relayed.forward()
    assert row.status == "completed"
    assert json.dumps(row.results)[:9] == '{"z": 0.5'


@pytest.mark.parametrize("upload", [[1], {"status": "success", "analysis": 5}, "text", {}])
def test_an_upload_that_is_no_result_is_a_sentence(relayed, scene, upload):
    from tests.support.uploads import commit, form_of, send

    row, _ = relayed.begin()
    token = scene.service.received[-1].token
    send(form_of(token), upload)
    commit(token)
    drain()
    relayed.forward()
    assert row.status == "completed"
    assert row.data is None


def test_what_is_posted_as_json_text_is_forwarded_as_an_object(relayed):
    row, _ = relayed.begin()
    relayed.answer({"status": "success", "message": "", "analysis": json.dumps({"results": {"z": 1}})})
    relayed.forward()
    assert row.data == {"results": {"z": 1}}


def test_a_hundred_plots_that_cannot_be_read_are_a_short_message(relayed):
    row, _ = relayed.begin()
    plots = [{"format": "png", "data": "bm8gaW1hZ2U="}] * 150
    relayed.answer({"status": "success", "message": "m", "analysis": {"plots": plots}})
    relayed.forward()
    assert row.data == {"plots": []}
    assert len(row.status_message) <= 4000


def test_a_run_that_waited_until_the_portal_gave_up_is_not_sent(relayed, scene):
    scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", {"max_in_flight": 1})
    relayed.begin("ZTF26a")
    row = relayed.portal.record("ZTF26b", timeout=600)
    relayed.ask(row)
    drain()
    relayed.clock.advance(seconds=550)
    relayed.answer()
    drain()
    assert len(scene.service.received) == 1
    relayed.forward()
    assert row.status == "failure"
    assert "waits no longer" in row.status_message


def test_forwarding_again_by_hand(relayed, scene):
    row, run_id = relayed.begin()
    path = f"/api/obj/analysis/{run_id}/forward"
    assert scene.admin.post(path).error[0] == 400
    relayed.answer()
    relayed.forward()
    row.status = "pending"  # somebody has put it right over there
    assert scene.user.post(path).error[0] == 403
    assert scene.admin.post(path).status == 200
    relayed.forward()
    assert (row.status, row.taken) == ("completed", 2)
    own = scene.start()
    assert scene.admin.post(f"/api/obj/analysis/{own}/forward").error[0] == 404
    assert scene.user.get(f"/api/obj/analysis/{own}/relay").error[0] == 404
