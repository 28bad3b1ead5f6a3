"""Runs of services that answer with a redirect."""

import json

import pytest

from tests.support.scene import register
from tests.support.service import Reaction, StubService
from tests.support.worker import drain

SECRET = "MARKED-credential"
AUTHINFOS = {
    "header_token": {"header_token": {"Authorization": f"Bearer {SECRET}"}},
    "api_key": {"api_key": SECRET, "api_key_name": "key"},
    "HTTPBasicAuth": {"HTTPBasicAuth": {"username": "ann", "password": SECRET}},
}


@pytest.fixture
def elsewhere():
    with StubService() as running:
        yield running


def redirecting(status, location):
    """React with a redirect once, and take what comes then."""
    return lambda got: Reaction(status, b"", {"Location": location}) if got.path == "/analysis" else Reaction()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_on_the_same_host_is_followed_and_the_run_makes_its_way(scene, status):
    scene.service.react = redirecting(status, "/analysis/")
    analysis_id = scene.start()
    drain()
    first, second = scene.service.received
    assert (first.path, second.path) == ("/analysis", "/analysis/")
    assert second.body == first.body
    assert scene.status(analysis_id) == "pending"
    [attempt] = scene.user.get(f"/api/obj/analysis/{analysis_id}/attempts").data
    assert (attempt["outcome"], attempt["http_status"]) == ("taken", 200)
    scene.answer(second.token)
    assert scene.status(analysis_id) == "completed"


@pytest.mark.parametrize("kind", AUTHINFOS)
def test_credentials_and_signature_stay_with_the_host_that_was_registered(scene, elsewhere, kind):
    scene.service_id = register(
        scene.admin,
        scene.group_id,
        scene.service.url,
        authentication_type=kind,
        _authinfo=json.dumps(AUTHINFOS[kind]),
    )
    scene.admin.post(f"/api/analysis_service/{scene.service_id}/signing_secret")
    scene.service.react = redirecting(307, elsewhere.url)
    analysis_id = scene.start()
    drain()
    [first], [second] = scene.service.received, elsewhere.received
    assert "webhook-signature" in {name.lower() for name in first.headers}
    assert not {"webhook-signature", "webhook-id", "authorization"} & {name.lower() for name in second.headers}
    assert SECRET not in second.body.decode()
    assert second.document == {key: value for key, value in first.document.items() if key != "key"}
    assert scene.status(analysis_id) == "pending"


def test_what_is_not_followed_ends_the_run_and_is_named(scene, elsewhere):
    scene.service.react = lambda got: Reaction(307, b"", {"Location": f"http://10.0.0.1/new?callback={got.token}&a=1"})
    analysis_id = scene.start()
    drain()
    [received] = scene.service.received
    record = scene.read(analysis_id)
    assert record["status"] == "failure"
    assert "http://10.0.0.1/new?callback=[secret]&a=1" in record["status_message"]
    assert received.token not in record["status_message"]
    [attempt] = scene.user.get(f"/api/obj/analysis/{analysis_id}/attempts").data
    assert (attempt["outcome"], attempt["http_status"]) == ("refused", 307)
    assert "http://10.0.0.1/new" in attempt["message"]


def test_a_service_that_is_down_behind_a_redirect_is_tried_again(scene, elsewhere):
    elsewhere.reaction = Reaction(503, b"later")
    scene.service.react = redirecting(308, elsewhere.url)
    analysis_id = scene.start()
    drain()
    record = scene.read(analysis_id)
    assert record["status"] == "queued"
    assert elsewhere.url in record["status_message"]
    assert "Next try at" in record["status_message"]
