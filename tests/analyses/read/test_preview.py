"""What a service would be sent, without starting anything."""

import pytest

from tests.support.people import make_user
from tests.support.scene import register
from tests.support.worker import drain


def preview(scene, api=None, service_id=None, **body):
    path = f"/api/obj/{scene.obj_id}/analysis/{service_id or scene.service_id}/preview"
    return (api or scene.user).post(path, body)


def test_it_is_the_document_that_is_sent(scene):
    body = {"analysis_parameters": {"source": "salt2"}, "input_filters": {"photometry": {"filters": ["ztfg"]}}}
    shown = preview(scene, **body).data
    assert scene.service.received == []
    assert scene.user.get(f"/api/obj/{scene.obj_id}/analysis").data == []
    scene.start(**body)
    drain()
    sent = scene.service.received[0].document
    assert shown["document"]["inputs"] == sent["inputs"]
    assert set(sent) - set(shown["document"]) <= {"callback_url", "upload_url"}
    assert shown["rows"] == {"photometry": 2, "redshift": 1}
    assert shown["bytes"] > 100


def test_it_holds_no_secret(scene):
    secret = {"authentication_type": "api_key", "_authinfo": '{"api_key": "MARKED", "api_key_name": "key"}'}
    service_id = register(scene.admin, scene.group_id, scene.service.url, **secret)
    answer = preview(scene, service_id=service_id)
    assert answer.status == 200
    assert b"MARKED" not in answer.body
    assert "key" not in answer.data["document"]


@pytest.mark.parametrize(
    "body", [{"analysis_parameters": {"unknown": 1}}, {"group_ids": [987654]}, {"analysis_parameters": 5}]
)
def test_what_a_start_refuses_is_refused(scene, body):
    started = scene.user.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}", body).error
    assert preview(scene, **body).error == started


def test_who_may_not_start_sees_nothing(scene):
    viewer = make_user(scene.admin, roles=["View only"], groups=[scene.group_id])
    assert preview(scene, viewer).error[0] == 401
    assert preview(scene, scene.outsider()).error[0] == 403
    answer = scene.user.post(f"/api/obj/unknown/analysis/{scene.service_id}/preview", {})
    assert answer.error == (404, "Error posting analysis: Obj unknown not found")


def test_an_empty_type_has_no_rows_and_quoted_line_breaks_end_none(scene):
    service_id = register(
        scene.admin, scene.group_id, scene.service.url, input_data_types=["comments", "spectra", "photometry"]
    )
    assert preview(scene, service_id=service_id).data["rows"] == {"comments": 0, "spectra": 0, "photometry": 3}
    scene.user.post(f"/api/sources/{scene.obj_id}/comments", {"text": 'one\ntwo, "three"\n'})
    assert preview(scene, service_id=service_id).data["rows"]["comments"] == 1
