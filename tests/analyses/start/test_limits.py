"""The limits per author and object, however many starts come at once."""

from chalicelib.settings import Settings
from tests.support.parallel import at_once
from tests.support.people import make_user
from tests.support.worker import drain

CAP = (
    400,
    "You have reached the maximum number of analyses for this object. "
    "Please delete some analyses before attempting to start more analyses.",
)


def limited(monkeypatch, **limits):
    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: Settings(**limits))


def starts(scene, number):
    path = f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}"
    return at_once(lambda _: scene.user.post(path), range(number))


def accepted(answers):
    return [answer.data["id"] for answer in answers if answer.status == 200]


def test_parallel_starts_stay_within_the_limit_of_open_analyses(scene, monkeypatch):
    limited(monkeypatch, max_open_analyses=3)
    answers = starts(scene, 8)
    assert len(accepted(answers)) == 3
    assert {answer.error[0] for answer in answers if answer.status != 200} == {400}
    assert len(scene.user.get("/api/obj/analysis").data) == 3


def test_open_analyses_overrun_the_cap_by_no_more_than_their_own_limit(scene, monkeypatch):
    limited(monkeypatch, max_open_analyses=3, max_completed_analyses=2)
    for _ in range(2):
        starts(scene, 5)
        drain()
        for got in scene.service.received:
            scene.answer(got.token)
    completed = [run for run in scene.user.get("/api/obj/analysis").data if run["status"] == "completed"]
    assert len(completed) == 3
    assert {answer.error for answer in starts(scene, 2)} == {CAP}


def test_an_analysis_that_ended_makes_room_and_a_deleted_one_too(scene, monkeypatch):
    limited(monkeypatch, max_open_analyses=1, max_completed_analyses=1)
    first = scene.start()
    scene.user.delete(f"/api/obj/analysis/{first}")
    second = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token)
    assert [answer.error for answer in starts(scene, 1)] == [CAP]
    scene.user.delete(f"/api/obj/analysis/{second}")
    assert len(accepted(starts(scene, 2))) == 1


def test_failures_do_not_count(scene, monkeypatch):
    limited(monkeypatch, max_open_analyses=1, max_completed_analyses=1)
    for _ in range(3):
        scene.start()
        drain()
        scene.answer(scene.service.received[-1].token, {"status": "failure"})
    assert isinstance(scene.start(), int)


def test_each_author_has_limits_of_their_own(scene, monkeypatch):
    limited(monkeypatch, max_open_analyses=1)
    scene.start()
    scene.user = make_user(scene.admin, groups=[scene.group_id])
    assert isinstance(scene.start(), int)
