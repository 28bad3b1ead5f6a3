"""Batches as lists, cancelled, and what failed of them once more."""

import pytest

from chalicelib.analyses.watch import batches as module
from tests.support.aws_calls import recorded_aws_calls
from tests.support.people import make_user
from tests.support.scene import register
from tests.support.service import Reaction
from tests.support.worker import drain

PATH = "/api/analysis_batch"


@pytest.fixture
def sources(scene):
    names = [f"batched-{number}" for number in range(3)]
    for name in names:
        scene.user.post("/api/sources", {"id": name, "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
    return names


def post(scene, names, **body):
    wanted = {"analysis_service_id": scene.service_id, "obj_ids": names, **body}
    return scene.user.post(PATH, wanted).data["id"]


def listed(api, **query):
    return api.get(PATH, **query).data["batches"]


def test_ones_own_batches_are_listed_newest_first(scene, sources):
    first, second = post(scene, sources), post(scene, sources[:1])
    assert [one["id"] for one in listed(scene.user)] == [second, first]
    assert listed(scene.user)[1] | {"created_at": ""} == {
        "id": first,
        "analysis_service_id": scene.service_id,
        "service": listed(scene.user)[0]["service"],
        "author_id": scene.user.user_id,
        "created_at": "",
        "n": 3,
        "refused": 0,
        "cancelled": False,
        "counts": {},
    }
    drain()
    assert listed(scene.user)[1]["counts"] == {"pending": 3}
    progress = scene.user.get(f"{PATH}/{first}").data
    assert (progress["n"], progress["counts"], progress["author_id"]) == (3, {"pending": 3}, scene.user.user_id)
    assert progress["runs"][::-1] == [run["id"] for run in scene.user.get("/api/analysis_runs", batchID=first).data]
    assert listed(scene.admin) == listed(make_user(scene.admin, groups=[scene.group_id])) == []


def test_they_are_paged(scene, sources):
    made = [post(scene, sources[:1]) for _ in range(3)][::-1]
    answer = scene.user.get(PATH, n=2)
    assert [one["id"] for one in answer.data["batches"]] == made[:2]
    cursor = answer.headers["Link"].split("cursor=")[1].split(">")[0]
    rest = scene.user.get(PATH, n=2, cursor=cursor)
    assert [one["id"] for one in rest.data["batches"]] == made[2:]
    assert "Link" not in rest.headers
    assert scene.user.get(PATH, n=0).error[0] == scene.user.get(PATH, cursor="x").error[0] == 400


def test_the_list_takes_few_calls(scene, sources, monkeypatch):
    post(scene, sources)
    drain()
    scene.user.get(PATH)
    with recorded_aws_calls() as calls:
        scene.user.get(PATH)
    assert calls == ["Query", "BatchGetItem", "BatchGetItem", "Query", "BatchGetItem"]
    monkeypatch.setattr(module, "MOST_COUNTED", 0)
    assert listed(scene.user)[0]["counts"] == {}


def test_what_is_left_of_a_batch_is_cancelled(scene, sources):
    batch_id = post(scene, sources)
    drain()
    scene.answer(scene.service.received[0].token)
    assert scene.user.post(f"{PATH}/{batch_id}/cancel").data == {"cancelled": 2, "remaining": 0}
    assert listed(scene.user)[0]["counts"] == {"completed": 1, "cancelled": 2}
    assert listed(scene.user)[0]["cancelled"] is True
    assert scene.user.post(f"{PATH}/{batch_id}/cancel").data == {"cancelled": 0, "remaining": 0}


def test_what_was_not_started_yet_is_left_out(scene, sources):
    batch_id = post(scene, sources)
    assert scene.user.post(f"{PATH}/{batch_id}/cancel").data == {"cancelled": 0, "remaining": 0}
    drain()
    progress = scene.user.get(f"{PATH}/{batch_id}").data
    assert (progress["created"], progress["refused"], progress["runs"]) == (0, 3, [])
    assert progress["cancelled"] is True
    assert progress["refusals"][0]["reason"] == "The batch was cancelled."
    assert scene.service.received == []


def fail(scene):
    scene.service.reaction = Reaction(400)
    drain()
    scene.service.reaction = Reaction()


def test_what_failed_of_a_batch_is_repeated_with_its_parameters_and_inputs(scene, sources):
    batch_id = post(scene, sources, analysis_parameters={"source": "salt3"})
    fail(scene)
    sent = {got.document["resource_id"]: got.document["inputs"] for got in scene.service.received}
    answer = scene.user.post(f"{PATH}/{batch_id}/retry_failed").data
    assert answer["total"] == 3
    scene.service.received.clear()
    drain()
    again = {got.document["resource_id"]: got.document["inputs"] for got in scene.service.received}
    assert again == sent
    assert scene.user.get(f"{PATH}/{answer['batch_id']}").data["by_state"] == {"pending": 3}
    assert [one["id"] for one in listed(scene.user)] == [answer["batch_id"], batch_id]


def test_a_repeated_request_repeats_once(scene, sources):
    batch_id = post(scene, sources)
    fail(scene)
    key = {"Idempotency-Key": "again"}
    path = f"{PATH}/{batch_id}/retry_failed"
    first, second = (scene.user.post(path, headers=key).data for _ in range(2))
    assert first == second
    assert len(listed(scene.user)) == 2


def test_where_nothing_failed_nothing_is_repeated(scene, sources):
    batch_id = post(scene, sources)
    drain()
    for path, body in ((f"{PATH}/{batch_id}/retry_failed", {}), (service_path(scene), {"since": "2026-01-01"})):
        code, message = scene.user.post(path, body).error
        assert code == 400
        assert "failed" in message


def service_path(scene):
    return f"/api/analysis_service/{scene.service_id}/retry_failed"


def test_only_its_author_changes_a_batch(scene, sources):
    batch_id = post(scene, sources)
    fail(scene)
    colleague = make_user(scene.admin, groups=[scene.group_id])
    for verb in ("cancel", "retry_failed"):
        assert colleague.post(f"{PATH}/{batch_id}/{verb}").error == (403, "Cannot access this batch of analyses.")
        assert colleague.post(f"{PATH}/987654/{verb}").error[0] == 403
    assert scene.admin.post(f"{PATH}/{batch_id}/retry_failed").data["total"] == 3


def test_failures_of_a_service_since_a_moment_are_repeated(scene, sources):
    first = scene.start(analysis_parameters={"source": "salt2"})
    second = scene.start(analysis_parameters={"source": "salt3"})
    fail(scene)
    colleague = make_user(scene.admin, groups=[scene.group_id])
    colleague.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}")
    fail(scene)
    between = scene.read(second)["created_at"]
    assert scene.user.post(service_path(scene), {"since": between}).data["total"] == 1
    assert scene.user.post(service_path(scene), {"since": scene.read(first)["created_at"]}).data["total"] == 2
    assert colleague.post(service_path(scene), {"since": "2026-01-01T00:00:00Z"}).data["total"] == 1
    scene.service.received.clear()
    drain()
    parameters = [got.document["inputs"]["analysis_parameters"].get("source") for got in scene.service.received]
    assert sorted(map(str, parameters)) == ["None", "salt2", "salt3", "salt3"]


def test_what_was_cancelled_before_it_was_sent_is_assembled_anew(scene):
    number = scene.start(analysis_parameters={"cube": "data:image/fits;name=cube.fits;base64,U0lNUExF"})
    scene.user.post(f"/api/obj/analysis/{number}/cancel")
    body = {"since": "2026-01-01", "states": ["cancelled"]}
    assert scene.user.post(service_path(scene), body).data["total"] == 1
    drain()
    (sent,) = [got.document["inputs"]["analysis_parameters"] for got in scene.service.received]
    assert sent["cube"].endswith("U0lNUExF")


@pytest.mark.parametrize("body", [{}, {"since": "x"}, {"since": 5}, {"since": "2026-01-01", "states": ["queued"]}])
def test_nonsense_is_refused(scene, body):
    assert scene.user.post(service_path(scene), body).error[0] == 400


def test_who_does_not_reach_the_service_repeats_nothing(scene):
    body = {"since": "2026-01-01"}
    assert scene.outsider().post(service_path(scene), body).error[0] == 403
    uploads = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    assert scene.user.post(f"/api/analysis_service/{uploads}/retry_failed", body).error[0] == 403
