import base64

import pytest

from tests.support.people import make_group, make_user
from tests.support.scene import register, stored
from tests.support.worker import drain, take


def path(scene, service_id=None, obj_id=None):
    return f"/api/obj/{obj_id or scene.obj_id}/analysis/{service_id or scene.service_id}"


def test_a_start_answers_an_id_before_the_service_is_called(scene):
    analysis_id = scene.start(show_plots=True)
    assert scene.service.received == []
    record = scene.read(analysis_id)
    assert record["status"] == "queued"
    assert record["show_plots"] is True
    assert record["show_corner"] is False
    assert record["obj_id"] == scene.obj_id
    assert record["author_id"] == scene.user.user_id
    assert record["token"] is None
    assert [group["id"] for group in record["groups"]] == [scene.group_id] or scene.group_id in [
        group["id"] for group in record["groups"]
    ]


def test_an_empty_body_will_do(scene):
    answer = scene.user.post(path(scene), raw=b"")
    assert isinstance(answer.data["id"], int)


def test_an_unknown_service_cannot_be_accessed(scene):
    assert scene.user.post(path(scene, service_id=999)).error == (
        403,
        "Could not access Analysis Service ID: 999.",
    )


def test_a_disabled_service_cannot_be_accessed(scene):
    scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": False})
    code, message = scene.user.post(path(scene)).error
    assert (code, message) == (403, f"Could not access Analysis Service ID: {scene.service_id}.")


def test_an_upload_only_service_refuses_starts(scene):
    service_id = register(scene.admin, scene.group_id, scene.service.url, upload_only=True)
    assert scene.user.post(path(scene, service_id)).error == (
        403,
        f"Analysis Service ID: {service_id} is of type upload_only. Please use the analysis_upload endpoint.",
    )


def test_an_unknown_object_and_an_invisible_one_look_the_same(scene):
    other = make_group(scene.admin)
    scene.admin.post("/api/sources", {"id": "hidden", "ra": 1.0, "dec": 2.0, "group_ids": [other]})
    for obj_id in ("hidden", "unknown", "x" * 3000):
        assert scene.user.post(path(scene, obj_id=obj_id)).error == (
            404,
            f"Error posting analysis: Obj {obj_id} not found",
        )


def test_an_undeclared_parameter_is_refused(scene):
    code, message = scene.user.post(path(scene), {"analysis_parameters": {"nope": 1}}).error
    assert code == 400
    assert message.startswith("Invalid analysis_parameters: {")
    assert "nope" in message


def test_url_parameters_is_an_old_name_of_analysis_parameters(scene):
    analysis_id = scene.start(url_parameters={"source": "salt3"})
    assert scene.read(analysis_id)["analysis_parameters"] == {"source": "salt3"}


def test_groups_that_the_caller_is_not_in_are_refused(scene):
    other = make_group(scene.admin)
    code, message = scene.user.post(path(scene), {"group_ids": [scene.group_id, other]}).error
    assert (code, message) == (403, f"Cannot find one or more groups with IDs: [{other}].")


def test_more_groups_than_a_transaction_holds_are_refused(scene):
    code, message = scene.user.post(path(scene), {"group_ids": list(range(1, 92))}).error
    assert code == 400
    assert "90" in message


@pytest.mark.parametrize(
    "body",
    [
        {"analysis_parameters": [1]},
        {"analysis_parameters": "x"},
        {"show_plots": "perhaps"},
        {"group_ids": "all"},
        {"group_ids": [1.5]},
        {"input_filters": {"photometry": {"filters": 5}}},
    ],
)
def test_a_value_of_the_wrong_type_is_named(scene, body):
    code, message = scene.user.post(path(scene), body).error
    assert code == 400
    assert next(iter(body)) in message


def test_a_token_without_the_permission_is_refused(scene):
    viewer = make_user(scene.admin, roles=["View only"], groups=[scene.group_id])
    assert viewer.post(path(scene)).error[0] == 401


def test_a_file_is_sent_whole_and_recorded_by_name(scene):
    content = base64.b64encode(b"x" * 200_000).decode()
    url = f"data:image/fits;name=cube.fits;base64,{content}"
    analysis_id = scene.start(analysis_parameters={"cube": url})
    assert scene.read(analysis_id)["analysis_parameters"] == {"cube": "cube.fits"}
    drain()
    assert scene.service.received[0].document["inputs"]["analysis_parameters"]["cube"] == url


def test_many_long_parameters_are_sent_whole_and_shown_by_their_length(scene):
    names = [f"note {number}" for number in range(10)]
    changed = {"optional_analysis_parameters": {name: {"type": "string"} for name in names}}
    assert scene.admin.patch(f"/api/analysis_service/{scene.service_id}", changed).status == 200
    parameters = dict.fromkeys(names, "\N{TELESCOPE}" * 10_000)
    analysis_id = scene.start(analysis_parameters=parameters)
    assert "sent whole" in scene.read(analysis_id)["analysis_parameters"]["note 0"]
    drain()
    assert scene.service.received[0].document["inputs"]["analysis_parameters"] == parameters


@pytest.mark.parametrize("chosen", [{"filters": ["g"] * 201}, {"filters": ["g" * 65]}, {"instruments": [1] * 1001}])
def test_more_filters_than_a_record_holds_are_refused(scene, chosen):
    code, message = scene.user.post(path(scene), {"input_filters": {"photometry": chosen}}).error
    assert code == 400
    assert "input_filters" in message


def test_the_cap_counts_completed_analyses_of_the_author_on_the_object(scene, monkeypatch):
    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: _settings(max_completed_analyses=1))
    first = scene.start()
    drain()
    scene.answer(scene.service.received[0].token)
    code, message = scene.user.post(path(scene)).error
    assert (code, message) == (
        400,
        "You have reached the maximum number of analyses for this object. "
        "Please delete some analyses before attempting to start more analyses.",
    )
    scene.user.delete(f"/api/obj/analysis/{first}")
    assert isinstance(scene.start(), int)


def test_open_analyses_are_limited_too(scene, monkeypatch):
    monkeypatch.setattr("chalicelib.analyses.start.limits.settings", lambda: _settings(max_open_analyses=2))
    scene.start()
    scene.start()
    code, message = scene.user.post(path(scene)).error
    assert code == 400
    assert "have not ended" in message


def _settings(**changes):
    from chalicelib.settings import Settings

    return Settings(**changes)


def test_a_candidate_has_no_analyses(scene):
    code, _ = scene.user.post(f"/api/candidate/{scene.obj_id}/analysis/{scene.service_id}").error
    assert code == 405


def test_a_start_leaves_one_message_and_nothing_in_s3(scene):
    analysis_id = scene.start()
    assert [message["run"] for message in take("dispatch")] == [analysis_id]
    assert stored("") == []


@pytest.mark.parametrize("raw", [rb'{"analysis_parameters": {"source": "\ud800"}}', b'{"show_plots": "\xed\xa0\x80"}'])
def test_half_a_surrogate_pair_is_refused(scene, raw):
    code, message = scene.user.post(path(scene), raw=raw).error
    assert code == 400
    assert message.startswith("Error parsing JSON")


def test_nan_in_the_parameters_reaches_the_service_as_null(scene):
    answer = scene.user.post(path(scene), raw=b'{"analysis_parameters": {"correct_extinction": NaN}}')
    if answer.status == 200:
        drain()
        assert scene.service.received[0].document["inputs"]["analysis_parameters"]["correct_extinction"] is None
    else:
        assert answer.error[0] == 400


def test_an_empty_list_of_groups_stands_for_all_of_the_callers(scene):
    plain, empty = (scene.read(scene.start(**body))["groups"] for body in ({}, {"group_ids": []}))
    assert len(plain) > 1
    assert empty == plain
