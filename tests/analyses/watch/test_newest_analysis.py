"""The list of sources, narrowed to the state of the newest analysis."""

import re
from typing import get_args
from urllib.parse import parse_qsl, urlsplit

import pytest

from chalicelib.analyses.states import ENDED, OPEN
from chalicelib.sources.read import listing
from chalicelib.sources.read.newest_analysis import NONE
from chalicelib.sources.read.query import NewestAnalysis
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_group
from tests.support.scene import register

PATH = "/api/sources"


def listed(api, *states, **query):
    return api.get(PATH, newestAnalysis=",".join(states), **query)


def ids(answer):
    return [source["id"] for source in answer.data["sources"]]


def followed(api, answer):
    """Return the ids on all pages that the Link header leads to, page by page."""
    found = [ids(answer)]
    while (link := answer.headers.get("Link")) is not None:
        url = urlsplit(re.fullmatch(r"<(.*)>; rel=\"next\"", link)[1])
        answer = api.get(url.path, **dict(parse_qsl(url.query)))
        found.append(ids(answer))
    return found


@pytest.fixture
def save(scene):
    """Save sources to the scene's group."""

    def save_one(name):
        body = {"id": f"{scene.obj_id}{name}", "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]}
        assert scene.user.post(PATH, body).status == 200
        return body["id"]

    return save_one


@pytest.fixture
def start(scene):
    """Start an analysis, of the scene's service or another, and cancel it if that is wanted."""

    def start_one(obj_id, *, cancelled=False, service_id=None, **body):
        path = f"/api/obj/{obj_id}/analysis/{service_id or scene.service_id}"
        run = scene.user.post(path, body).data["id"]
        if cancelled:
            assert scene.user.post(f"/api/obj/analysis/{run}/cancel").status == 200
        return run

    return start_one


def test_the_newest_of_all_analyses_decides(scene, save, start):
    other = register(scene.admin, scene.group_id, scene.service.url)
    idle, one, two = save("idle"), save("one"), save("two")
    start(one)
    start(one, cancelled=True, service_id=other)
    start(two, cancelled=True)
    start(two)
    assert ids(listed(scene.user, "cancelled")) == [one]
    assert ids(listed(scene.user, "queued")) == [two]
    assert ids(listed(scene.user, "queued", "cancelled")) == [two, one]
    assert ids(listed(scene.user, "none")) == [idle, scene.obj_id]
    assert ids(listed(scene.user, "failure")) == []
    assert ids(listed(scene.user, "none", sourceID="idle")) == [idle]
    assert listed(scene.user, "queued", "cancelled", numPerPage=1).data["totalMatches"] == 2


def test_several_pages_are_followed_by_number_and_by_cursor(scene, save, start):
    names = [save(f"{number:03d}") for number in range(7)]
    for name in names[1::2]:
        start(name, cancelled=True)
    wanted = names[1::2][::-1]
    assert followed(scene.user, listed(scene.user, "cancelled", numPerPage=2)) == [wanted[:2], wanted[2:]]
    assert ids(listed(scene.user, "cancelled", numPerPage=2, pageNumber=2)) == wanted[2:]


def test_a_request_looks_into_a_bounded_number_of_sources(scene, save, start, monkeypatch):
    monkeypatch.setattr(listing, "MOST_LOOKED_INTO", 2)
    names = [save(f"{number:03d}") for number in range(5)]
    start(names[0], cancelled=True)
    assert followed(scene.user, listed(scene.user, "cancelled")) == [[], [], [names[0]]]


def test_what_a_group_has_to_itself_counts_for_it_alone(scene, save, start):
    group = make_group(scene.admin, members=[scene.user])
    obj_id = save("shared")
    scene.admin.post(PATH, {"id": obj_id, "group_ids": [group]})
    start(obj_id, cancelled=True)
    start(obj_id, group_ids=[group])
    member = scene.outsider()
    scene.admin.post(f"/api/groups/{scene.group_id}/users", {"userID": member.user_id, "admin": False})
    assert obj_id in ids(listed(scene.user, "queued"))
    assert obj_id in ids(listed(scene.admin, "queued", group_ids=group))
    assert obj_id in ids(listed(member, "cancelled"))
    assert obj_id not in ids(listed(member, "queued"))


def test_after_a_deletion_the_one_before_decides_and_after_that_of_the_service_none(scene, save, start):
    obj_id = save("buried")
    other = register(scene.admin, scene.group_id, scene.service.url)
    start(obj_id, cancelled=True)
    newest = start(obj_id)
    scene.user.delete(f"/api/obj/analysis/{newest}")
    assert ids(listed(scene.user, "cancelled")) == [obj_id]
    start(obj_id, service_id=other)
    scene.admin.delete(f"/api/analysis_service/{other}")
    assert ids(listed(scene.user, "cancelled")) == [obj_id]


def test_wherever_the_newest_was_deleted_the_one_before_is_looked_up_once(scene, save, start):
    group = make_group(scene.admin, members=[scene.user])
    names = [save(f"{number:03d}") for number in range(30)]
    for name in names:
        start(name, cancelled=True)
        scene.user.delete(f"/api/obj/analysis/{start(name)}")
    restricted = names[0]
    scene.admin.post(PATH, {"id": restricted, "group_ids": [group]})
    start(restricted, group_ids=[group])
    scene.user.delete(f"/api/obj/analysis/{start(restricted, group_ids=[group])}")
    assert ids(listed(scene.user, "queued")) == [restricted]
    with recorded_aws_calls() as calls:
        found = ids(listed(scene.user, "cancelled"))
    assert set(found) == set(names[1:])
    assert calls.count("Query") < 30 + 10
    assert calls.count("TransactGetItems") <= 3
    assert ids(listed(scene.user, "none", sourceID=names[5])) == []


def test_fifty_sources_take_as_many_calls_as_one(scene, save, start):
    for number in range(50):
        name = save(f"{number:03d}")
        if number % 10 == 0:
            start(name)
    listed(scene.user, "queued")
    with recorded_aws_calls() as plain:
        listed(scene.user, hasRedshift="false", numPerPage=5)
    with recorded_aws_calls() as calls:
        answer = listed(scene.user, "queued")
    assert len(ids(answer)) == 5
    assert sorted(calls) == sorted([*plain, "TransactGetItems", "BatchGetItem", "BatchGetItem"])
    assert "Scan" not in calls


def test_a_state_that_there_is_not_is_refused(scene):
    status, message = listed(scene.user, "cancelled", "done").error
    assert status == 400
    assert "newestAnalysis" in message


def test_the_states_of_the_query_are_those_of_analyses():
    assert set(get_args(NewestAnalysis)) == {*OPEN, *ENDED, NONE}
