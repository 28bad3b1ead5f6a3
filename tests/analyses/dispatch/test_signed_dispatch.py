"""What a service that has a signing secret is sent, verified as Standard Webhooks says."""

import base64
import hashlib
import hmac
import time

import pytest

from tests.support.service import Reaction
from tests.support.worker import drain


@pytest.fixture
def secret(scene):
    return scene.admin.post(f"/api/analysis_service/{scene.service_id}/signing_secret").data["signing_secret"]


def signature(secret, headers, body):
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def test_the_signature_covers_id_time_and_body(scene, service, secret):
    analysis_id = scene.start()
    drain()

    [received] = service.received
    body = received.body
    assert received.headers["webhook-id"] == f"analysis_{analysis_id}"
    assert abs(int(received.headers["webhook-timestamp"]) - time.time()) < 60
    assert received.headers["webhook-signature"] == signature(secret, received.headers, body)
    assert received.headers["webhook-signature"] != signature(secret, received.headers, body + b" ")


def test_what_is_sent_again_keeps_its_id(scene, service, secret, clock):
    service.reaction = Reaction(503)
    scene.start()
    drain()
    service.reaction = Reaction(200)
    clock.sweep_after(minutes=5)
    drain()

    first, *_, last = service.received
    assert len(service.received) >= 2
    assert first.headers["webhook-id"] == last.headers["webhook-id"]
    assert int(last.headers["webhook-timestamp"]) >= int(first.headers["webhook-timestamp"]) + 300


def test_without_a_secret_nothing_is_signed(scene, service):
    scene.start()
    drain()

    assert not [name for name in service.received[0].headers if name.lower().startswith("webhook-")]
