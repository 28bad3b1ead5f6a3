"""The newest run of each service on each object."""

from collections import Counter

import pytest

from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.upkeep import cleanup
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group
from tests.support.permissions import acting_as
from tests.support.scene import register
from tests.support.worker import drain, take

PATH = "/api/analysis_glance"


def clean_away():
    """Clean up after all deletions; unlike `drain`, without sending what is queued."""
    messages = take("cleanup")
    with acting_as("cleanup"):
        for message in messages:
            cleanup.clean(message["run"])


def glance(api, *names):
    found = api.get(PATH, objIDs=",".join(names)).data
    return {name: [(one["id"], one["status"]) for one in rows] for name, rows in found.items()}


def test_the_newest_of_each_service_is_told(scene):
    other = register(scene.admin, scene.group_id, scene.service.url)
    scene.user.post("/api/sources", {"id": "idle", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
    scene.start()
    newest = scene.start()
    of_other = scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{other}").data["id"]
    scene.user.post(f"/api/obj/analysis/{newest}/cancel")
    for api in (scene.user, scene.admin):
        found = glance(api, scene.obj_id, "idle", "unknown", "a/b", scene.obj_id)
        assert found == {scene.obj_id: [(of_other, "queued"), (newest, "cancelled")], "idle": []}
    (first, _) = scene.user.get(PATH, objIDs=scene.obj_id).data[scene.obj_id]
    record = scene.read(of_other)
    assert (first["service"], first["at"]) == (record["analysis_service_name"], record["last_activity"])
    assert first["analysis_service_id"] == other


def test_what_a_group_has_to_itself_is_told_to_it_alone(scene):
    other = make_group(scene.admin, members=[scene.user])
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [other]})
    seen_by_all = scene.start()
    private = scene.start(group_ids=[other])
    member = scene.outsider()
    scene.admin.post(f"/api/groups/{scene.group_id}/users", {"userID": member.user_id, "admin": False})
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(private, "queued")]}
    assert glance(scene.admin, scene.obj_id) == {scene.obj_id: [(private, "queued")]}
    assert glance(member, scene.obj_id) == {scene.obj_id: [(seen_by_all, "queued")]}


def test_objects_of_others_are_left_out(inhabited):
    world, ids = inhabited
    names = [ids[target]["obj_id"] for target in ("own", "shared", "foreign")]
    assert set(glance(world.people["member"], *names)) == set(names[:2])
    assert all(len(rows) == 1 for rows in glance(world.people["author"], *names).values())


def test_after_a_deletion_the_one_before_is_the_newest(scene):
    first, second = scene.start(), scene.start()
    scene.user.delete(f"/api/obj/analysis/{second}")
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(first, "queued")]}
    drain()
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(first, "pending")]}
    scene.admin.delete(f"/api/analysis_service/{scene.service_id}")
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: []}


def test_many_deletions_at_once_leave_the_ones_before(scene):
    names = [f"{scene.obj_id}x{number:02d}" for number in range(25)]
    kept, deleted = {}, []
    for name in names:
        scene.user.post("/api/sources", {"id": name, "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
        path = f"/api/obj/{name}/analysis/{scene.service_id}"
        kept[name], number = (scene.user.post(path).data["id"] for _ in range(2))
        deleted.append(number)
    for number in deleted:
        scene.user.delete(f"/api/obj/analysis/{number}")
    expected = {name: [(number, "queued")] for name, number in kept.items()}
    assert glance(scene.user, *names) == expected
    clean_away()
    with recorded_aws_calls() as calls:
        assert glance(scene.user, *names) == expected
    assert calls == ["TransactGetItems"] + ["BatchGetItem"] * 2


@pytest.mark.parametrize("clean", [clean_away, lambda: None], ids=["later", "at once"])
def test_what_a_group_has_to_itself_is_followed_by_what_it_had_before(scene, clean):
    group = make_group(scene.admin, members=[scene.user])
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [group]})
    public = scene.start()
    first, second, third = (scene.start(group_ids=[group]) for _ in range(3))
    for number in (second, third):
        scene.user.delete(f"/api/obj/analysis/{number}")
        clean()
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(first, "queued")]}
    scene.user.delete(f"/api/obj/analysis/{first}")
    clean()
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(public, "queued")]}


def test_the_sweep_makes_good_what_a_lost_message_leaves(scene, clock):
    group = make_group(scene.admin, members=[scene.user])
    scene.admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [group]})
    public, private = [[scene.start(**to) for _ in range(2)] for to in ({}, {"group_ids": [group]})]
    for _, newest in (public, private):
        scene.user.delete(f"/api/obj/analysis/{newest}")
    take("cleanup")
    clock.sweep_after(seconds=65)
    assert Newest.get(scene.obj_id, Newest.SK).runs == {
        (scene.service_id, None): public[0],
        (scene.service_id, group): private[0],
    }
    for kept, _ in (public, private):
        scene.user.delete(f"/api/obj/analysis/{kept}")
    clean_away()
    assert Newest.get(scene.obj_id, Newest.SK).runs == {}


def test_to_clean_away_the_newest_takes_three_calls_more_than_any_other(scene):
    first, _, third = (scene.start() for _ in range(3))
    calls = []
    for deleted in (first, third):
        scene.user.delete(f"/api/obj/analysis/{deleted}")
        with recorded_aws_calls() as found:
            clean_away()
        calls.append(Counter(found))
    assert calls[1] - calls[0] == Counter(GetItem=1, Query=1, UpdateItem=1)
    assert not calls[0] - calls[1]


def test_a_run_that_starts_while_the_newest_is_cleaned_away_stays_the_newest(scene, monkeypatch):
    scene.start()
    scene.user.delete(f"/api/obj/analysis/{scene.start()}")
    replace, started = Newest.replace, []
    monkeypatch.setattr(Newest, "replace", lambda *args: started.append(scene.start()) or replace(*args))
    clean_away()
    assert glance(scene.user, scene.obj_id) == {scene.obj_id: [(started[0], "queued")]}


def test_a_run_that_is_deleted_while_it_takes_the_place_of_the_newest_is_passed_over(scene, monkeypatch):
    first, second, third = (scene.start() for _ in range(3))
    scene.user.delete(f"/api/obj/analysis/{third}")
    replace = Newest.replace

    def delete_and_replace(*args):
        monkeypatch.setattr(Newest, "replace", replace)
        scene.user.delete(f"/api/obj/analysis/{second}")
        (message,) = take("cleanup")
        cleanup.clean(message["run"])
        return replace(*args)

    monkeypatch.setattr(Newest, "replace", delete_and_replace)
    clean_away()
    assert Newest.get(scene.obj_id, Newest.SK).runs == {(scene.service_id, None): first}


def test_a_hundred_objects_take_few_calls(scene):
    scene.start()
    names = [scene.obj_id, *(f"unknown-{number}" for number in range(99))]
    glance(scene.user, *names)
    with recorded_aws_calls() as calls:
        glance(scene.user, *names)
    assert calls == ["TransactGetItems"] * 2 + ["BatchGetItem"] * 2
    assert scene.user.get(PATH, objIDs=",".join([*names, "one-more"])).error[0] == 400


def test_objects_that_cannot_be_read_cost_nothing_more(scene):
    scene.start()
    stranger = scene.outsider()
    glance(stranger, scene.obj_id)
    with recorded_aws_calls() as calls:
        assert glance(stranger, scene.obj_id) == {}
    assert calls == ["TransactGetItems"]


def test_a_question_without_objects_is_refused_or_empty(scene):
    assert scene.user.get(PATH).error[0] == 400
    assert scene.user.get(PATH, objIDs=",,").data == {}
