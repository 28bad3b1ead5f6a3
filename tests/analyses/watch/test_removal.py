"""What deleting a service would remove."""

from chalicelib.analyses.watch import removal
from tests.support.aws_calls import recorded_aws_calls
from tests.support.scene import register
from tests.support.worker import drain


def removed(api, service_id):
    return api.get(f"/api/analysis_service/{service_id}/removal")


def test_analyses_products_and_defaults_are_counted(scene):
    path = f"/api/analysis_service/{scene.service_id}"
    nothing = {"analyses": 0, "unfinished": 0, "products": 0, "default_analyses": 0, "complete": True}
    assert removed(scene.admin, scene.service_id).data == nothing
    scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    drain()
    gone = scene.start()
    scene.user.delete(f"/api/obj/analysis/{gone}")
    scene.start()
    scene.user.post(f"{path}/default_analysis", {"source_filter": {"group_id": scene.group_id}})
    other = register(scene.admin, scene.group_id, scene.service.url)
    scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{other}")
    counted = removed(scene.admin, scene.service_id).data
    assert counted == {"analyses": 2, "unfinished": 1, "products": 2, "default_analyses": 1, "complete": True}


def test_a_hundred_analyses_take_one_call_more_and_no_request_takes_many(scene, monkeypatch):
    for _ in range(3):
        scene.start()
    removed(scene.admin, scene.service_id)
    with recorded_aws_calls() as calls:
        removed(scene.admin, scene.service_id)
    assert calls == ["GetItem", "Query", "Query", "BatchGetItem"]
    monkeypatch.setattr(removal, "MOST_COUNTED", 2)
    counted = removed(scene.admin, scene.service_id).data
    assert (counted["analyses"], counted["complete"]) == (2, False)


def test_only_who_may_delete_a_service_is_told(scene):
    assert removed(scene.user, scene.service_id).error[0] == 401
    assert removed(scene.admin, 999_999).error == (403, "Cannot access this Analysis Service.")
