import uuid
from datetime import datetime

import pytest

from chalicelib.analyses.dispatch.claim import LeaseHeld
from chalicelib.analyses.dispatch.dispatch import dispatch
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import acceptance
from chalicelib.analyses.run.webhook_token import run_of
from chalicelib.settings import settings
from tests.support.people import make_user
from tests.support.scene import SUCCESS, make_scene, register, stored_json
from tests.support.service import Reaction
from tests.support.worker import drain, take

OF_THE_TOKEN = {"callback_url", "upload_url"}


def test_the_service_gets_the_document_of_the_contract(scene):
    analysis_id = scene.start(analysis_parameters={"source": "salt3"})
    drain()
    (got,) = scene.service.received
    document = got.document
    assert set(document) == {
        "callback_url",
        "inputs",
        "callback_method",
        "invalid_after",
        "analysis_resource_type",
        "resource_id",
        "analysis_parameters",
        "upload_url",
    }
    assert document["callback_method"] == "POST"
    assert document["analysis_resource_type"] == "obj"
    assert document["resource_id"] == scene.obj_id
    assert document["analysis_parameters"] == {}
    assert uuid.UUID(got.token).version == 4
    assert "/api/webhook/obj_analysis/" in document["callback_url"]
    datetime.strptime(document["invalid_after"], "%Y-%m-%d %H:%M:%S.%f")
    assert document["inputs"]["analysis_parameters"] == {"source": "salt3"}
    assert document["inputs"]["redshift"] == "redshift,redshift_error,redshift_origin\n0.0246,,\n"
    header, *rows = document["inputs"]["photometry"].splitlines()
    assert header == ("mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag")
    assert [row.split(",")[0] for row in rows] == ["59001.5", "59000.5", "59002.5"]  # by magerr, missing last
    assert scene.status(analysis_id) == "pending"


@pytest.mark.parametrize(
    "url", ["https://api.example.org/dev/", "https://api.example.org//", "https://api.example.org"]
)
def test_the_urls_for_the_service_hold_no_double_slash_however_the_site_writes_its_own(scene, monkeypatch, url):
    monkeypatch.setenv("SIDEROSTAT_PUBLIC_URL", url)
    settings.cache_clear()
    try:
        scene.start()
        drain()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    (got,) = scene.service.received

    for name in ("callback_url", "upload_url"):
        scheme, rest = got.document[name].split("://")
        assert scheme == "https"
        assert rest.startswith(url.rstrip("/").removeprefix("https://") + "/api/")
        assert "//" not in rest
        assert got.token in rest


def test_what_was_sent_is_kept_without_the_callback(scene):
    analysis_id = scene.start()
    drain()
    (got,) = scene.service.received
    kept = stored_json(f"inputs/{analysis_id}.json.gz")
    assert kept == {key: value for key, value in got.document.items() if key not in OF_THE_TOKEN}
    assert got.token not in str(kept)


def test_the_beginning_of_the_answer_becomes_the_message(scene):
    scene.service.reaction = Reaction(202, b"y" * 5000)
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "pending"
    assert record["status_message"] == "y" * 1024


def test_photometry_is_filtered_by_filter_and_instrument(scene):
    scene.start(input_filters={"photometry": {"filters": ["ztfr"], "instruments": [scene.instrument_id]}})
    scene.start(input_filters={"photometry": {"instruments": [scene.instrument_id + 1]}})
    drain()
    texts = sorted((got.document["inputs"]["photometry"] for got in scene.service.received), key=len)
    assert len(texts[0].splitlines()) == 1
    assert [row.split(",")[5] for row in texts[1].splitlines()[1:]] == ["ztfr"]


def test_only_what_the_author_may_see_is_sent(scene, admin):
    other = make_user(admin, groups=[])
    admin.post(f"/api/groups/{scene.group_id}/users", {"userID": other.user_id})
    hidden = admin.post("/api/groups", {"name": "hidden photometry"}).data["id"]
    admin.post("/api/sources", {"id": scene.obj_id, "group_ids": [hidden]})
    point = {"obj_id": scene.obj_id, "instrument_id": scene.instrument_id, "mjd": 59010.5, "filter": "ztfg"}
    posted = admin.post("/api/photometry", {**point, "mag": 18.0, "magerr": 0.1, "magsys": "ab", "group_ids": [hidden]})
    assert posted.status == 200, posted.body
    scene.start()
    admin.post(f"/api/obj/{scene.obj_id}/analysis/{scene.service_id}")
    drain()
    texts = [got.document["inputs"]["photometry"] for got in scene.service.received]
    assert sorted("59010.5" in text for text in texts) == [False, True]


@pytest.mark.parametrize(
    ("kind", "authinfo", "header", "value"),
    [
        ("header_token", {"header_token": {"Authorization": "Bearer X"}}, "Authorization", "Bearer X"),
        ("HTTPBasicAuth", {"HTTPBasicAuth": {"username": "u", "password": "p"}}, "Authorization", "Basic dTpw"),
    ],
)
def test_credentials_travel_as_headers(scene, kind, authinfo, header, value):
    import json

    service_id = register(
        scene.admin, scene.group_id, scene.service.url, authentication_type=kind, _authinfo=json.dumps(authinfo)
    )
    scene.service_id = service_id
    scene.start()
    drain()
    assert scene.service.received[0].headers[header] == value


def test_an_api_key_is_in_the_document_and_not_in_what_is_kept(scene):
    import json

    scene.service_id = register(
        scene.admin,
        scene.group_id,
        scene.service.url,
        authentication_type="api_key",
        _authinfo=json.dumps({"api_key": "sesame", "api_key_name": "key"}),
    )
    analysis_id = scene.start()
    drain()
    assert scene.service.received[0].document["key"] == "sesame"
    assert "sesame" not in str(stored_json(f"inputs/{analysis_id}.json.gz"))


def test_a_service_that_refuses_ends_the_run_at_once(scene):
    scene.service.reaction = Reaction(422, b"no such band")
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "no such band" in record["status_message"]


def test_a_service_that_is_down_is_tried_again_and_the_record_says_when(scene, clock):
    scene.service.reaction = Reaction(503, b"later", {"Retry-After": "20"})
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "queued"
    assert "503" in record["status_message"]
    assert "Next try at" in record["status_message"]
    scene.service.reaction = Reaction(200)
    clock.sweep_after(minutes=3)
    drain()
    assert scene.status(analysis_id) == "pending"
    assert len(scene.service.received) == 2


def test_a_run_that_cannot_be_sent_in_time_fails_with_the_last_reason(admin, service, clock):
    scene = make_scene(admin, service, timeout=30)
    service.reaction = Reaction(503, b"", {"Retry-After": "3600"})
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "503" in record["status_message"]


def test_a_message_of_an_earlier_attempt_is_dropped(scene, clock):
    scene.start()
    (message,) = take("dispatch")
    clock.sweep_after(minutes=2)
    drain()
    assert len(scene.service.received) == 1
    dispatch(message["run"], message["attempt"], message["timeout"])
    assert len(scene.service.received) == 1


def test_a_message_that_meets_a_live_lease_comes_back_later(scene):
    scene.start()
    (message,) = take("dispatch")

    def second(_got):
        with pytest.raises(LeaseHeld):
            dispatch(message["run"], message["attempt"], message["timeout"])
        return Reaction()

    scene.service.react = second
    dispatch(message["run"], message["attempt"], message["timeout"])
    assert len(scene.service.received) == 1


def test_a_deleted_run_is_not_sent(scene):
    analysis_id = scene.start()
    scene.user.delete(f"/api/obj/analysis/{analysis_id}")
    drain()
    assert scene.service.received == []


def test_a_disabled_service_gets_nothing_that_was_waiting(scene):
    analysis_id = scene.start()
    scene.admin.patch(f"/api/analysis_service/{scene.service_id}", {"enabled": False})
    drain()
    assert scene.service.received == []
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "disabled" in record["status_message"]


def test_the_time_to_answer_begins_with_the_sending(scene, clock):
    analysis_id = scene.start()
    recorded = Run.find(analysis_id).invalid_after
    clock.advance(seconds=300)
    drain()
    assert 299 < (Run.find(analysis_id).invalid_after - recorded).total_seconds() < 310


def test_a_result_whose_webhook_died_counts_though_the_service_then_refuses(scene):
    def store_and_refuse(got):
        acceptance.store(run_of(got.token), SUCCESS)
        return Reaction(400, b"no, after all")

    scene.service.react = store_and_refuse
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert (record["status"], record["status_message"]) == ("completed", "fit converged")
    assert scene.user.get(f"/api/obj/analysis/{analysis_id}/results").data["z"] == 0.5
