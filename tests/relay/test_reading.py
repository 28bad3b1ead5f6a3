from tests.support.scene import SUCCESS
from tests.support.service import Reaction
from tests.support.worker import drain


def _ids(runs):
    return [run["id"] for run in runs]


def test_members_of_the_relays_groups_read_its_runs_without_a_source_here(relayed, scene):
    row, run_id = relayed.begin()
    relayed.answer()
    user, path = scene.user, f"/api/obj/analysis/{run_id}"
    assert user.get(path).data["status"] == "completed"
    assert user.get(f"/api/obj/{row.obj_id}/analysis/{run_id}").data["id"] == run_id
    assert user.get(f"{path}/results").data["z"] == 0.5
    assert user.get(f"{path}/plots/0").status == 200
    assert user.get(f"{path}/timeline").status == 200
    assert user.get(f"{path}/products").status == 200
    outsider = scene.outsider()
    for part in ("", "/results", "/relay", "/timeline"):
        assert outsider.get(path + part).error[0] == 403


def test_its_runs_stand_in_every_list(relayed, scene):
    row, run_id = relayed.begin()
    changed = scene.user.get("/api/analysis_changes").data
    assert _ids(changed["runs"]) == [run_id]
    relayed.answer()
    (brief,) = scene.user.get("/api/analysis_runs").data
    assert (brief["id"], brief["relay_id"], brief["obj_id"]) == (run_id, relayed.made["id"], row.obj_id)
    assert _ids(scene.user.get("/api/analysis_runs", objID=row.obj_id).data) == [run_id]
    assert _ids(scene.admin.get("/api/analysis_runs", objID=row.obj_id).data) == [run_id]
    assert _ids(scene.user.get("/api/obj/analysis").data) == [run_id]
    assert _ids(scene.user.get(f"/api/obj/{row.obj_id}/analysis").data) == [run_id]
    assert scene.user.get("/api/analysis_counts", window="24h").data["totals"]["completed"] == 1
    moved = scene.user.get("/api/analysis_changes", since=changed["next"]).data
    assert _ids(moved["runs"]) == [run_id]
    health = scene.user.get(f"/api/analysis_service/{scene.service_id}/health").data
    assert health["by_state"] == {"completed": 1}
    outsider = scene.outsider()
    assert outsider.get("/api/analysis_runs").data == []
    assert outsider.get("/api/analysis_runs", objID=row.obj_id).data == []
    assert outsider.get(f"/api/obj/{row.obj_id}/analysis").data == []
    assert outsider.get("/api/analysis_counts", window="24h").data["totals"]["completed"] == 0


def test_a_source_of_that_name_here_shows_them_to_their_groups_alone(relayed, scene):
    _, run_id = relayed.begin(scene.obj_id)
    own = scene.start()
    assert set(_ids(scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data)) == {run_id, own}
    assert set(_ids(scene.user.get("/api/analysis_runs", objID=scene.obj_id).data)) == {run_id, own}


def test_nothing_is_written_onto_a_source_of_that_name(relayed, scene):
    _, run_id = relayed.begin(scene.obj_id)
    says = {"annotations": [{"data": {"z": 1}, "origin": "fit"}]}
    relayed.answer({**SUCCESS, "analysis": {**SUCCESS["analysis"], **says}})
    assert scene.user.get(f"/api/sources/{scene.obj_id}/annotations").data == []
    effects = scene.admin.get(f"/api/obj/analysis/{run_id}/effects").data["effects"]
    assert [one["applied"] for one in effects] == [False]


def test_the_limits_of_a_service_hold(relayed, scene):
    scene.admin.put(f"/api/analysis_service/{scene.service_id}/limits", {"max_in_flight": 1})
    relayed.begin("ZTF26a")
    _, second = relayed.begin("ZTF26b")
    assert len(scene.service.received) == 1
    assert "1 analyses at a time" in scene.read(second)["status_message"]
    relayed.answer()
    drain()
    assert len(scene.service.received) == 2


def test_the_authors_own_limit_is_not_touched(relayed, scene, monkeypatch):
    from chalicelib.settings import settings

    monkeypatch.setenv("SIDEROSTAT_MAX_OPEN_ANALYSES", "2")
    settings.cache_clear()
    try:
        for _ in range(4):
            relayed.begin(scene.obj_id)
        assert scene.admin.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}").status == 200
    finally:
        monkeypatch.delenv("SIDEROSTAT_MAX_OPEN_ANALYSES")
        settings.cache_clear()


def test_a_run_is_repeated_with_its_document_and_forwarded_in_the_place_of_the_first(relayed, scene):
    scene.service.reaction = Reaction(400, b"not today")
    row, run_id = relayed.begin(x_custom=1)
    scene.service.reaction = Reaction()
    assert scene.user.post(f"/api/obj/analysis/{run_id}/retry").error[0] == 403
    again = scene.admin.post(f"/api/obj/analysis/{run_id}/retry").data["id"]
    drain()
    assert scene.service.received[-1].document["x_custom"] == 1
    assert relayed.facts(run_id)["state"] == "superseded"
    relayed.forward()
    assert row.posts == []
    relayed.answer()
    relayed.forward()
    assert (row.status, row.taken) == ("completed", 1)
    assert relayed.facts(again)["state"] == "forwarded"


def test_a_repetition_after_the_portal_was_told_is_kept_here(relayed, scene):
    scene.service.reaction = Reaction(400, b"not today")
    row, run_id = relayed.begin()
    relayed.forward()
    assert row.status == "failure"
    scene.service.reaction = Reaction()
    again = scene.admin.post(f"/api/obj/analysis/{run_id}/retry", {"analysis_parameters": {"source": "salt2"}}).data[
        "id"
    ]
    drain()
    assert scene.service.received[-1].document["inputs"]["analysis_parameters"] == {"source": "salt2"}
    relayed.answer()
    relayed.forward()
    assert relayed.facts(again)["answer"]["http_status"] == 403
    assert scene.read(again)["status"] == "completed"
    as_the_page_does = {"analysis_parameters": {"source": "salt2"}, "input_filters": {}}
    assert scene.admin.post(f"/api/obj/analysis/{run_id}/retry", as_the_page_does).status == 200
    filters = {"input_filters": {"photometry": {"filters": ["ztfr"]}}}
    assert scene.admin.post(f"/api/obj/analysis/{run_id}/retry", filters).error[0] == 400


def test_what_failed_is_repeated_in_a_batch(relayed, scene):
    scene.service.reaction = Reaction(400, b"not today")
    first, _ = relayed.begin("ZTF26a")
    second, _ = relayed.begin("ZTF26b")
    scene.service.reaction = Reaction()
    path = f"/api/analysis_service/{scene.service_id}/retry_failed"
    batch_id = scene.admin.post(path, {"since": "2001-01-01", "states": ["failure"]}).data["batch_id"]
    drain()
    runs = scene.admin.get("/api/analysis_runs", batchID=batch_id).data
    assert {run["obj_id"] for run in runs} == {"ZTF26a", "ZTF26b"}
    for got in scene.service.received[-2:]:
        scene.answer(got.token)
    drain()
    relayed.forward()
    assert {first.status, second.status} == {"completed"}


def test_they_are_told_at_a_glance_wherever_their_source_is(relayed, scene):
    row, run_id = relayed.begin()
    relayed.answer()

    def glance(api):
        found = api.get("/api/analysis_glance", objIDs=f"{row.obj_id},unknown").data
        return {name: [(one["id"], one["status"]) for one in runs] for name, runs in found.items()}

    assert glance(scene.user) == glance(scene.admin) == {row.obj_id: [(run_id, "completed")]}
    assert glance(scene.outsider()) == {}
    scene.admin.post("/api/sources", {"id": row.obj_id, "ra": 1.0, "dec": 2.0, "group_ids": [scene.group_id]})
    own = scene.user.post(f"/api/obj/{row.obj_id}/analysis/{scene.service_id}").data["id"]
    assert glance(scene.user) == {row.obj_id: [(own, "queued")]}
    for number in (own, run_id):
        assert scene.admin.delete(f"/api/obj/analysis/{number}").status == 200
        assert glance(scene.user) == {row.obj_id: [(run_id, "completed")] if number == own else []}
