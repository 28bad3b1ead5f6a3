"""The list of all runs that a caller may read."""

from datetime import timedelta

import pytest

from chalicelib import clock, ids
from chalicelib.analyses.watch import runs as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.crowd import add_runs
from tests.support.people import make_group, make_user
from tests.support.scene import register
from tests.support.service import Reaction
from tests.support.worker import drain

PATH = "/api/analysis_runs"


def found(api, **query):
    return [run["id"] for run in api.get(PATH, **query).data]


def followed(api, **query):
    """Follow the links to the end; return the ids of each page."""
    pages, cursor = [], {}
    while True:
        answer = api.get(PATH, **query, **cursor)
        pages.append([run["id"] for run in answer.data])
        if "Link" not in answer.headers:
            return pages
        cursor = {"cursor": answer.headers["Link"].split("cursor=")[1].split(">")[0]}


def test_a_run_is_a_line(scene):
    number = scene.start()
    drain()
    (run,) = scene.user.get(PATH).data
    record = scene.read(number)
    for name in ("id", "obj_id", "status", "status_message", "created_at", "modified", "last_activity", "author_id"):
        assert run[name] == record[name]
    assert run["analysis_service_id"] == scene.service_id
    assert run["service"] == run["analysis_service_name"] == record["analysis_service_name"]
    assert run["author"] == scene.user.username
    assert run["resource_type"] == "obj"
    assert (run["batch_id"], run["next_try_at"], run["duration"]) == (None, None, None)


def test_what_waits_says_until_when(scene):
    scene.service.reaction = Reaction(503)
    scene.start()
    drain()
    (run,) = scene.user.get(PATH).data
    assert run["status"] == "queued"
    assert run["next_try_at"] > clock.now().isoformat()


def test_they_are_newest_first_and_paged(scene):
    started = [scene.start() for _ in range(5)][::-1]
    assert found(scene.user) == started
    assert followed(scene.user, n=2) == [started[:2], started[2:4], started[4:]]
    assert followed(scene.admin, n=2) == [started[:2], started[2:4], started[4:]]
    assert found(scene.user, n=100_000) == started
    for n in ("0", "-1", "x"):
        assert scene.user.get(PATH, n=n).error[0] == 400


def test_each_filter_narrows(scene):
    colleague = make_user(scene.admin, groups=[scene.group_id])
    other_service = register(scene.admin, scene.group_id, scene.service.url)
    scene.user.post("/api/sources", {"id": "other", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
    first = scene.start()
    by_colleague = colleague.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}").data["id"]
    by_other = scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{other_service}").data["id"]
    elsewhere = scene.user.post(f"/api/obj/other/analysis/{scene.service_id}").data["id"]
    scene.user.post(f"/api/obj/analysis/{first}/cancel")
    for api in (scene.user, scene.admin):
        assert found(api, status="cancelled") == [first]
        assert found(api, status="cancelled,queued") == [elsewhere, by_other, by_colleague, first]
        assert found(api, serviceID=other_service) == [by_other]
        assert found(api, authorID=colleague.user_id) == [by_colleague]
        assert found(api, objID="other") == [elsewhere]
        assert found(api, objID=scene.obj_id, authorID=scene.user.user_id) == [by_other, first]
        assert found(api, objID="nobody") == found(api, objID="a/b") == found(api, status="failure") == []


def test_moments_narrow(scene):
    first = scene.start()
    between = clock.now()
    second = scene.start()
    assert found(scene.user, **{"from": between.isoformat()}) == [second]
    assert found(scene.user, to=between.isoformat()) == [first]
    assert found(scene.user, **{"from": "0001-01-01", "to": "9999-12-31"}) == [second, first]
    assert found(scene.user, **{"from": "9999-12-31"}) == found(scene.user, to="0001-01-01") == []
    assert found(scene.user, **{"from": between.isoformat(), "to": (between - timedelta(days=9)).isoformat()}) == []


@pytest.mark.parametrize(
    "query",
    [
        {"status": "deleted"},
        {"status": "done"},
        {"serviceID": "x"},
        {"authorID": -1},
        {"batchID": 2**53},
        {"from": "yesterday"},
        {"to": "59000.5"},
        {"cursor": "x"},
        {"objID": ""},
    ],
)
def test_nonsense_is_refused(scene, query):
    assert scene.user.get(PATH, **query).error[0] == 400


def test_runs_of_a_batch_are_found(scene):
    scene.start()
    body = {"analysis_service_id": scene.service_id, "obj_ids": [scene.obj_id]}
    batch_id = scene.user.post("/api/analysis_batch", body).data["id"]
    drain()
    scene.start()
    for api in (scene.user, scene.admin):
        (run,) = api.get(PATH, batchID=batch_id).data
        assert run["batch_id"] == batch_id
    assert found(scene.user, batchID=987654) == []


def test_nobody_reads_what_is_not_for_them(admin, inhabited):
    world, ids = inhabited
    own, shared, foreign = (ids[target]["analysis_id"] for target in ("own", "shared", "foreign"))
    member, author = world.people["member"], world.people["author"]
    seen = found(member)
    assert {own, shared} <= set(seen)
    assert foreign not in seen
    assert {own, shared, foreign} <= set(found(author)) & set(found(admin))
    obj_id = author.get(f"/api/obj/analysis/{foreign}").data["obj_id"]
    assert found(member, objID=obj_id) == []
    assert found(make_user(admin, groups=[make_group(admin)])) == []


def test_a_run_leaves_with_its_source_its_service_and_itself(scene):
    first, second = scene.start(), scene.start()
    scene.user.delete(f"/api/obj/analysis/{first}")
    assert found(scene.user) == [second]
    scene.admin.delete(f"/api/analysis_service/{scene.service_id}")
    assert found(scene.user) == found(scene.admin) == []


def test_what_is_rare_is_found_page_by_page(scene, monkeypatch):
    monkeypatch.setattr(module, "MOST_LOOKED_AT", 100)
    rare = scene.start()
    public = scene.user.get("/api/groups/public").data["id"]
    add_runs(250, scene.obj_id, scene.service_id, {scene.group_id, public})
    pages = followed(scene.user, status="queued")
    assert pages == [[], [], [rare]]


def test_a_page_takes_few_calls(scene):
    for _ in range(5):
        scene.start()
    scene.user.get(PATH)
    groups = len(scene.user.get("/api/groups").data["user_groups"])
    for query in ({}, {"status": "completed"}, {"authorID": 5}):
        with recorded_aws_calls() as calls:
            scene.user.get(PATH, **query)
        assert calls[:groups] == ["Query"] * groups
        assert calls[groups:] in (["BatchGetItem", "TransactGetItems"], ["BatchGetItem"])
    with recorded_aws_calls() as calls:
        scene.user.get(PATH, objID=scene.obj_id)
    assert calls == ["TransactGetItems", "Query", "TransactGetItems"]


def test_ids_know_their_time():
    now = clock.now()
    made = ids.new_id()
    assert ids.first_id_of(now - timedelta(seconds=1)) <= made < ids.first_id_of(now + timedelta(seconds=1))
    assert ids.first_id_of(now, timedelta(hours=-1)) < made
    assert ids.first_id_of(clock.parse("0001-01-01T00:00:00")) == 0
    assert ids.first_id_of(clock.parse("9999-12-31T23:59:59")) == ids.MOST
