import pytest

from chalicelib.settings import Settings
from tests.support.parallel import at_once
from tests.support.people import make_group, make_user
from tests.support.scene import PNG, SUCCESS, register, stored
from tests.support.worker import drain, take

ANALYSIS = SUCCESS["analysis"]


@pytest.fixture
def uploading(scene):
    """The scene with an upload-only service."""
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    return scene


def path(scene, obj_id=None, service_id=None):
    return f"/api/obj/{obj_id or scene.obj_id}/analysis_upload/{service_id or scene.service_id}"


def upload(scene, **body):
    return scene.user.post(path(scene), body).data


def test_an_upload_is_completed_at_once_and_its_products_can_be_read(uploading):
    answer = upload(uploading, message="fitted by hand", analysis=ANALYSIS)
    assert answer["message"] == "fitted by hand"
    record = uploading.read(answer["id"])
    assert (record["status"], record["status_message"]) == ("completed", "fitted by hand")
    assert (record["num_plots"], record["author_id"]) == (1, uploading.user.user_id)
    below = f"/api/obj/analysis/{answer['id']}"
    assert uploading.user.get(f"{below}/plots/0").body == PNG
    assert uploading.user.get(f"{below}/results").data == {"z": 0.5, "chi2": None}
    assert uploading.service.received == []
    assert take("dispatch") == []


def test_an_upload_shows_everything_unless_it_says_otherwise(uploading):
    shown = uploading.read(upload(uploading, analysis=ANALYSIS)["id"])
    assert (shown["show_parameters"], shown["show_plots"], shown["show_corner"]) == (True, True, True)
    hidden = upload(uploading, analysis=ANALYSIS, show_plots=False, show_corner="false", show_parameters=0)
    record = uploading.read(hidden["id"])
    assert (record["show_parameters"], record["show_plots"], record["show_corner"]) == (False, False, False)


@pytest.mark.parametrize("body", [{}, {"analysis": {}}, {"analysis": None}, {"message": "nothing found"}])
def test_an_empty_upload_is_accepted_with_a_note(uploading, body):
    answer = upload(uploading, **body)
    note = f"Note: empty analysis upload_only results. Message: {body.get('message', '')}"
    assert answer["message"] == note
    record = uploading.read(answer["id"])
    assert (record["status"], record["status_message"]) == ("completed", note)
    refusal = (404, "No data found for this Analysis.")
    assert uploading.user.get(f"/api/obj/analysis/{answer['id']}/results").error == refusal


def test_a_status_other_than_success_is_a_failure_whose_data_is_kept(uploading):
    answer = upload(uploading, status="failure", message="no convergence", analysis=ANALYSIS)
    assert uploading.status(answer["id"]) == "failure"
    drain()
    assert uploading.user.get(f"/api/obj/analysis/{answer['id']}/plots/0").body == PNG


def test_the_data_comes_back_as_it_was_uploaded(uploading):
    analysis = {**ANALYSIS, "results": {"format": "json", "data": {"deep": [1.0, {"a": None}]}}, "extra": "kept"}
    answer = upload(uploading, analysis=analysis)
    one = f"/api/obj/analysis/{answer['id']}"
    assert uploading.user.get(one, includeAnalysisData="true").data["data"] == analysis
    drain()
    assert uploading.user.get(one, includeAnalysisData="true").data["data"] == analysis


def test_an_analysis_as_json_text_is_read_and_a_message_shown_as_text(uploading):
    answer = upload(uploading, analysis='{"results": {"z": 0.5}}', message={"code": 7}, status=None)
    assert answer["message"] == '{"code": 7}'
    assert uploading.status(answer["id"]) == "completed"
    assert uploading.user.get(f"/api/obj/analysis/{answer['id']}/results").data == {"z": 0.5}


@pytest.mark.parametrize("wrong", [[], 5, True, "done", "[1]", "null"])
def test_an_analysis_that_could_not_be_read_is_refused_and_nothing_kept(uploading, wrong):
    code, message = uploading.user.post(path(uploading), {"analysis": wrong}).error
    assert (code, message[:17]) == (400, "Invalid analysis:")
    assert stored("incoming/") == []


def test_a_service_that_is_called_takes_no_uploads(scene):
    assert scene.user.post(path(scene), {"analysis": ANALYSIS}).error == (
        403,
        f"Analysis Service ID: {scene.service_id} is not of type upload_only.",
    )


def test_services_and_objects_out_of_reach_are_refused_as_at_a_start(uploading):
    scene = uploading
    hidden = make_group(scene.admin)
    foreign = register(scene.admin, hidden, scene.service.url, upload_only=True)
    for service_id in (foreign, 987654):
        refusal = (403, f"Could not access Analysis Service ID: {service_id}.")
        assert scene.user.post(path(scene, service_id=service_id)).error == refusal
    scene.admin.post("/api/sources", {"id": "hidden", "ra": 1.0, "dec": 2.0, "group_ids": [hidden]})
    for obj_id in ("hidden", "unknown"):
        refusal = (404, f"Error posting analysis: Obj {obj_id} not found")
        assert scene.user.post(path(scene, obj_id=obj_id)).error == refusal
    refusal = (403, f"Cannot find one or more groups with IDs: [{hidden}].")
    assert scene.user.post(path(scene), {"group_ids": [hidden]}).error == refusal
    assert stored("incoming/") == []


def test_an_upload_needs_the_permission_to_run_analyses(uploading):
    viewer = make_user(uploading.admin, roles=["View only"], groups=[uploading.group_id])
    assert viewer.post(path(uploading), {"analysis": ANALYSIS}).error[0] == 401


@pytest.mark.parametrize("body", [{"analysis": [1]}, {"status": 5}, {"show_plots": "perhaps"}, {"group_ids": "all"}])
def test_a_value_of_the_wrong_type_is_named(uploading, body):
    code, message = uploading.user.post(path(uploading), body).error
    assert code == 400
    assert next(iter(body)) in message


def test_the_cap_refuses_an_upload_and_leaves_nothing_behind(uploading, monkeypatch):
    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: Settings(max_completed_analyses=2))
    answers = at_once(lambda _: uploading.user.post(path(uploading), {"analysis": ANALYSIS}), range(6))
    assert sorted(answer.status for answer in answers) == [200, 200, 403, 403, 403, 403]
    refusals = {answer.error for answer in answers if answer.status == 403}
    assert refusals == {
        (
            403,
            "You have reached the maximum number of analyses for this object. "
            "Please delete some analyses before attempting to start more analyses.",
        )
    }
    assert len(stored("incoming/")) == 2
    assert len(uploading.user.get("/api/obj/analysis").data) == 2


def test_open_analyses_do_not_stand_in_the_way_of_an_upload(scene, monkeypatch):
    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: Settings(max_open_analyses=1))
    scene.start()
    scene.service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    assert upload(scene, analysis=ANALYSIS)["message"] == ""


def test_an_empty_list_of_groups_stands_for_all_of_the_callers(uploading):
    plain, empty = (uploading.read(upload(uploading, **body)["id"])["groups"] for body in ({}, {"group_ids": []}))
    assert len(plain) > 1
    assert empty == plain
