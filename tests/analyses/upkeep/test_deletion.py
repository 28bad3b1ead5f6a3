import time

from chalicelib.analyses.items.list_entry import ListEntry
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import objects
from chalicelib.analyses.upkeep.cleanup import delete_runs_of_service
from tests.support.crowd import add_runs
from tests.support.parallel import at_once
from tests.support.people import make_user
from tests.support.scene import register, stored
from tests.support.worker import drain, take


def finished(scene):
    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token)
    drain()
    return analysis_id


def test_a_deleted_analysis_is_gone_at_once_and_its_objects_soon(scene, clock):
    analysis_id = finished(scene)
    assert scene.user.delete(f"/api/obj/analysis/{analysis_id}").data == {}
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")
    assert scene.user.get("/api/obj/analysis").data == []
    assert scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data == []
    drain()
    assert stored("") == []
    assert not list(ListEntry.by_group.query(scene.group_id))


def test_deleting_twice_is_refused(scene):
    analysis_id = finished(scene)
    scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    assert scene.user.delete(f"/api/obj/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")


def test_only_the_author_or_an_administrator_deletes(scene):
    analysis_id = finished(scene)
    colleague = make_user(scene.admin, groups=[scene.group_id])
    assert colleague.get(f"/api/obj/analysis/{analysis_id}").status == 200
    assert colleague.delete(f"/api/obj/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")
    assert scene.admin.delete(f"/api/obj/analysis/{analysis_id}").status == 200


def test_an_analysis_is_deleted_below_its_own_object_only(scene):
    analysis_id = finished(scene)
    assert scene.user.delete(f"/api/obj/other/analysis/{analysis_id}").error[0] == 403
    assert scene.user.delete(f"/api/obj/{scene.obj_id}/analysis/{analysis_id}").status == 200


def test_a_lost_cleanup_message_is_made_good_by_the_sweep(scene, clock):
    analysis_id = finished(scene)
    scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    take("cleanup")
    assert stored("products/")
    clock.sweep_after(seconds=65)
    assert stored("") == []
    clock.sweep_after(minutes=5)
    assert Run.find(analysis_id).due is None


def test_the_objects_of_a_run_whose_id_begins_alike_stay(scene):
    first = finished(scene)
    second = finished(scene)
    scene.user.delete(f"/api/obj/analysis/{first}")
    drain()
    assert len(stored(f"products/{second}/")) == 3
    assert len(stored(f"inputs/{second}")) == 1


def test_deleting_a_service_removes_its_runs_and_products_and_no_others(scene, monkeypatch):
    monkeypatch.setattr("chalicelib.services.register._CLEANUP_DELAY_SECONDS", 0)
    doomed_service, scene.service_id = scene.service_id, register(scene.admin, scene.group_id, scene.service.url)
    kept = finished(scene)
    scene.service_id = doomed_service
    doomed = [finished(scene), scene.start()]
    assert scene.admin.delete(f"/api/analysis_service/{scene.service_id}").data == {}
    for analysis_id in doomed:
        assert scene.user.get(f"/api/obj/analysis/{analysis_id}").error == (403, "Cannot access this Analysis.")
    assert [row["id"] for row in scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data] == [kept]
    drain()
    assert not list(Run.by_service.query(scene.service_id))
    assert scene.user.get(f"/api/obj/analysis/{kept}").status == 200
    assert {key.split("/")[1].split(".")[0] for key in stored("")} == {str(kept)}


def test_deleting_a_service_removes_its_runs_however_many(scene, monkeypatch):
    monkeypatch.setattr("chalicelib.services.register._CLEANUP_DELAY_SECONDS", 0)
    public = scene.user.get("/api/groups/public").data["id"]
    ids = add_runs(70, scene.obj_id, scene.service_id, {scene.group_id, public})
    ids += add_runs(50, scene.obj_id, scene.service_id, {scene.group_id})
    for analysis_id in ids[::20]:
        objects.put_json(objects.document_key(analysis_id), {"analysis": {}})
    assert len(scene.user.get("/api/obj/analysis").data) == 120
    scene.admin.delete(f"/api/analysis_service/{scene.service_id}")
    assert scene.user.get("/api/obj/analysis").data == []
    end = time.monotonic() + 100
    while list(Run.by_service.query(scene.service_id)) and time.monotonic() < end:
        drain()
        time.sleep(0.2)
    assert not list(Run.by_service.query(scene.service_id))
    assert not list(ListEntry.by_group.query(scene.group_id))
    assert stored("") == []
    assert all(Run.find(analysis_id).state == "deleted" for analysis_id in ids[::20])


def test_a_run_that_started_while_its_service_was_deleted_is_removed_by_the_last_message(scene):
    scene.admin.delete(f"/api/analysis_service/{scene.service_id}")
    (late,) = add_runs(1, scene.obj_id, scene.service_id, {scene.group_id})
    delete_runs_of_service(scene.service_id, is_last=True)
    assert Run.find(late).state == "deleted"


def test_a_run_deleted_while_it_is_collected_leaves_nothing(scene, monkeypatch):
    from chalicelib.analyses.results import collect as module

    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token)
    make = module.products_function.make

    def make_while_deleted(*arguments):
        made = make(*arguments)
        scene.user.delete(f"/api/obj/analysis/{analysis_id}")
        return made

    monkeypatch.setattr(module.products_function, "make", make_while_deleted)
    drain()
    assert stored("") == []


def test_results_that_are_read_before_they_are_collected_while_the_run_is_deleted_leave_nothing(scene, monkeypatch):
    from chalicelib.analyses.results import collect as module

    analysis_id = scene.start()
    drain()
    scene.answer(scene.service.received[-1].token)
    make = module.products_function.make

    def delete(_number):
        assert scene.user.delete(f"/api/obj/analysis/{analysis_id}").status == 200

    def make_while_deleted(*arguments):
        made = make(*arguments)
        at_once(delete, range(1))  # somebody else, meanwhile
        return made

    monkeypatch.setattr(module.products_function, "make", make_while_deleted)
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").error == (
        404,
        "No data found for this Analysis.",
    )
    assert stored("products/") == []
    drain()
    assert stored("") == []
