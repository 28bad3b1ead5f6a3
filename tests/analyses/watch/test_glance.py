"""The newest run of each service on each object."""

from tests.support.access_world import make_world
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group
from tests.support.scene import register
from tests.support.worker import drain

PATH = "/api/analysis_glance"


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


def test_objects_of_others_are_left_out(admin, service):
    world = make_world(admin, service)
    names = [world.ids(target)["obj_id"] for target in ("own", "shared", "foreign")]
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


def test_a_hundred_objects_take_few_calls(scene):
    scene.start()
    names = [scene.obj_id, *(f"unknown-{number}" for number in range(99))]
    glance(scene.user, *names)
    with recorded_aws_calls() as calls:
        glance(scene.user, *names)
    assert calls == ["TransactGetItems"] * 2 + ["BatchGetItem"] * 2
    assert scene.user.get(PATH, objIDs=",".join([*names, "one-more"])).error[0] == 400


def test_a_question_without_objects_is_refused_or_empty(scene):
    assert scene.user.get(PATH).error[0] == 400
    assert scene.user.get(PATH, objIDs=",,").data == {}
