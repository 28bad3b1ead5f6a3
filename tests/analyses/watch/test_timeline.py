"""All that happened to a run, as its readers and as its author see it."""

from tests.support.people import make_user
from tests.support.scene import SUCCESS
from tests.support.service import Reaction
from tests.support.worker import drain


def timeline(api, number):
    return api.get(f"/api/obj/analysis/{number}/timeline").data


def test_a_run_that_was_sent_twice_and_came_back(scene, clock):
    scene.service.reaction = Reaction(503, b"busy as a bee")
    number = scene.start()
    drain()
    waiting = timeline(scene.user, number)
    assert [event["event"] for event in waiting] == ["started", "retry"]
    assert scene.user.username in waiting[0]["text"]
    assert waiting[1]["http_status"] == 503
    assert "answered 503; next try at" in waiting[1]["text"]
    assert waiting[1]["next_try"] > waiting[1]["at"]
    scene.service.reaction = Reaction()
    clock.sweep_after(minutes=5)
    drain()
    scene.answer(
        scene.service.received[-1].token,
        {**SUCCESS, "analysis": {**SUCCESS["analysis"], "annotations": [{"data": {"a": 1}}]}},
    )
    drain()
    found = timeline(scene.user, number)
    assert [event["event"] for event in found] == ["started", "retry", "taken", "completed", "applied", "collected"]
    assert [event["at"] for event in found] == sorted(event["at"] for event in found)
    assert found[3]["message"] == "fit converged"


def test_the_words_of_the_service_are_for_the_author(scene):
    scene.service.reaction = Reaction(400, b"secret words of the service")
    number = scene.start()
    drain()
    reader = make_user(scene.admin, roles=["View only"], groups=[scene.group_id])
    for api, is_told in ((scene.user, True), (scene.admin, True), (reader, False)):
        found = timeline(api, number)
        assert [event["event"] for event in found] == ["started", "refused", "failure"]
        assert found[1]["http_status"] == 400
        assert ("secret words" in str(found)) is is_told
    assert scene.outsider().get(f"/api/obj/analysis/{number}/timeline").error[0] == 403


def test_what_was_cancelled_and_what_cannot_be_read_is_said(scene):
    number = scene.start()
    scene.user.post(f"/api/obj/analysis/{number}/cancel")
    assert [event["event"] for event in timeline(scene.user, number)] == ["started", "cancelled"]
    broken = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token, {"status": "success", "analysis": {"plots": [{"data": "%%%"}]}})
    drain()
    assert "product_failed" in [event["event"] for event in timeline(scene.user, broken)]
