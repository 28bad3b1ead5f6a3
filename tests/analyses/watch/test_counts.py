"""How many runs are in which state, over time."""

import pytest

from chalicelib.analyses.watch import counts as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group, make_user
from tests.support.worker import drain

PATH = "/api/analysis_counts"
STATES = {"queued", "pending", "completed", "failure", "timed_out", "cancelled"}


def totals(api, window="24h"):
    return {state: count for state, count in api.get(PATH, window=window).data["totals"].items() if count}


@pytest.mark.parametrize(("window", "bins"), [("1h", 12), ("24h", 24), ("7d", 28), ("30d", 30)])
def test_runs_are_counted_by_state_and_time(scene, window, bins):
    first, *_ = (scene.start() for _ in range(3))
    scene.user.post(f"/api/obj/analysis/{first}/cancel")
    for api in (scene.user, scene.admin):
        found = api.get(PATH, window=window).data
        assert set(found["totals"]) == STATES
        assert found["totals"] == {**dict.fromkeys(STATES, 0), "cancelled": 1, "queued": 2}
        assert len(found["bins"]) == bins
        assert {name: found["bins"][-1][name] for name in STATES} == found["totals"]
        assert all(one["to"] == other["from"] for one, other in zip(found["bins"], found["bins"][1:], strict=False))
        assert found["complete"] is True


def test_what_is_older_than_the_window_is_not_counted(scene, clock):
    scene.start()
    clock.advance(minutes=90)
    assert totals(scene.user, "1h") == {}
    assert totals(scene.user, "24h") == {"queued": 1}
    bins = scene.user.get(PATH, window="24h").data["bins"]
    assert [place for place, one in enumerate(bins) if one["queued"]] == [22]


def test_what_has_ended_is_remembered_and_what_is_deleted_forgotten(scene):
    first, second = scene.start(), scene.start()
    scene.user.post(f"/api/obj/analysis/{first}/cancel")
    assert totals(scene.user) == {"cancelled": 1, "queued": 1}
    scene.user.post(f"/api/obj/analysis/{second}/cancel")
    assert totals(scene.user) == {"cancelled": 2}
    with recorded_aws_calls() as calls:
        totals(scene.user)
    groups = len(scene.user.get("/api/groups").data["user_groups"])
    assert calls == ["Query"] * groups + ["BatchGetItem"]  # the services
    scene.user.delete(f"/api/obj/analysis/{first}")
    drain()
    assert totals(scene.user) == {"cancelled": 1}


def test_nobody_counts_what_is_not_for_them(admin, inhabited):
    world, _ = inhabited
    member, author = totals(world.people["member"]), totals(world.people["author"])
    assert sum(author.values()) > sum(member.values()) > 0
    assert totals(make_user(admin, groups=[make_group(admin)])) == {}


def test_a_bound_is_said(scene, monkeypatch):
    for _ in range(3):
        scene.start()
    monkeypatch.setattr(module, "MOST_COUNTED", 2)
    found = scene.user.get(PATH).data
    assert (found["totals"]["queued"], found["complete"]) == (2, False)


def test_unknown_windows_are_refused(scene):
    for window in ("1y", "", "24"):
        assert scene.user.get(PATH, window=window).error[0] == 400
