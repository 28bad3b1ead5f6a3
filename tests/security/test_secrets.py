"""Secrets are planted everywhere, then everything that can be read is searched for them."""

import base64
import json
from functools import cache

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.accounts.items.preferences import Preferences
from chalicelib.services.items.service import Service
from chalicelib.settings import settings
from tests.services.registering import manager_of, register, service_body
from tests.support.people import make_group
from tests.support.scene import make_scene
from tests.support.service import StubService
from tests.support.worker import drain


@cache
def disguises(secret):
    """A secret as it is, and as Basic authentication and file contents would carry it."""
    texts = [secret, f"ann:{secret}"]
    return {secret, *(base64.b64encode(text.encode()).decode().rstrip("=") for text in texts)}


def found(secrets, text):
    return {secret for secret in secrets if any(disguise in text for disguise in disguises(secret))}


@pytest.fixture
def secrets(tour):
    return [*tour.secrets.all(), *tour.site_secrets]


def test_the_secrets_were_really_used(tour):
    """Without this, searching for them would prove nothing."""
    sent = "".join(json.dumps([one.headers, one.document]) for one in tour.received)
    known = tour.secrets

    assert found([known.header, known.api_key, known.basic, known.openai_key], sent) == {
        known.header,
        known.api_key,
        known.basic,
        known.openai_key,
    }
    assert "oauth_signature" in sent
    assert len(known.callback_tokens) >= 6
    assert len(known.shown_once) >= 6
    assert len(known.cookies) == 2


def test_no_answer_holds_a_secret_but_the_one_that_made_it(tour, secrets):
    shown = [found(secrets, visit.answer.body.decode(errors="replace")) for visit in tour.visits]
    for secret in secrets:
        showing = [visit for visit, those in zip(tour.visits, shown, strict=True) if secret in those]
        if secret in tour.secrets.shown_once:
            assert [visit.route for visit in showing] in (
                [("POST", "/api/internal/tokens")],
                [("POST", "/api/internal/session/ticket")],
                [("POST", "/api/analysis_service/{service_id}/signing_secret")],
                [("POST", "/api/event_subscriptions")],
                [("POST", "/api/event_subscriptions/{subscription_id}/secret")],
                [("POST", "/api/relay")],
            )
        else:
            assert showing == []


def test_no_header_of_an_answer_holds_a_secret(tour, secrets):
    laid = []
    for visit in tour.visits:
        shown = found(secrets, json.dumps(visit.answer.headers))
        if visit.route == ("POST", "/api/internal/session"):
            laid += shown
            shown = found(secrets, json.dumps({**visit.answer.headers, "Set-Cookie": ""}))
        assert shown == set(), visit.path
    assert laid == tour.secrets.cookies


def test_nothing_stored_holds_a_secret(tour, secrets):
    assert len(tour.stored) == 4
    for text in tour.stored:
        assert found(secrets, text) == set()


def test_no_message_holds_a_secret(tour, secrets):
    assert len(tour.messages) > 20
    assert found(secrets, "".join(tour.messages)) == set()


def test_no_log_line_holds_a_secret(tour, secrets):
    assert '"message": "dispatched"' in tour.log
    assert found(secrets, tour.log) == set()


def test_users_llm_keys_go_to_trusted_summary_services_only(tour):
    received = [one for one in tour.received if tour.secrets.openai_key in json.dumps(one.document)]

    assert received
    for one in received:
        assert one.document["inputs"]["analysis_parameters"]["openai_api_key"] == tour.secrets.openai_key
    assert len(received) < len(tour.received)


def test_a_failure_of_kms_is_logged_without_the_secret(admin, log_text, monkeypatch):
    manager, secret = manager_of(admin, make_group(admin)), "MARKED-and-lost"
    wanted = service_body(authentication_type="header_token", _authinfo={"header_token": {"Authorization": secret}})
    monkeypatch.setenv("SIDEROSTAT_PREFIX", "no-such-key")
    settings.cache_clear()
    try:
        answer = manager.post("/api/analysis_service", wanted)
    finally:
        monkeypatch.undo()
        settings.cache_clear()

    assert answer.error[0] == 500
    assert "unhandled exception" in log_text.getvalue()
    assert secret not in log_text.getvalue() + answer.body.decode()


def test_the_webhook_token_is_in_no_log_line_of_the_webhook(admin, log_text):
    with StubService() as service:
        scene = make_scene(admin, service)
        scene.start()
        drain()
        [received] = service.received
        scene.answer(received.token)
        scene.answer(received.token, raw=b"{")

    assert '"route": "/api/webhook/obj_analysis/{token}"' in log_text.getvalue()
    assert received.token not in log_text.getvalue()


@pytest.mark.parametrize("context", [{}, {"owner": "service#2"}, {"owner": "user#1"}, {"owner": "service#1", "x": "y"}])
def test_credentials_open_under_their_owners_name_only(admin, context):
    manager = manager_of(admin, make_group(admin))
    service_id = register(
        manager, authentication_type="api_key", _authinfo={"api_key": "MARKED", "api_key_name": "key"}
    )
    assert service_id == 1
    sealed, kms = Service.of_id(service_id).secret, boto3.client("kms")
    opened = kms.decrypt(
        KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext={"owner": "service#1"}
    )
    assert b"MARKED" in opened["Plaintext"]

    with pytest.raises(ClientError):
        kms.decrypt(KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext=context)


def test_a_users_llm_key_opens_under_their_name_only(admin):
    profile = {"preferences": {"summary": {"OpenAI": {"active": True, "apikey": "sk-MARKED"}}}}
    assert admin.patch("/api/internal/profile", profile).status == 200
    user_id = admin.get("/api/internal/profile").data["id"]
    sealed, kms = Preferences.of_user(user_id).openai_api_key, boto3.client("kms")

    def opened(owner):
        answer = kms.decrypt(
            KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext={"owner": owner}
        )
        return answer["Plaintext"]

    assert opened(f"user#{user_id}") == b"sk-MARKED"
    for other in (f"user#{user_id + 1}", f"service#{user_id}"):
        with pytest.raises(ClientError):
            opened(other)
