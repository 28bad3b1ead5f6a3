"""The secret that signs what a service is sent: made, shown once, kept encrypted."""

import base64

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib.services.items.service import Service
from chalicelib.settings import settings
from tests.services.registering import manager_of, register
from tests.support.people import make_group, make_user
from tests.support.storage import stored_text


def path(service_id):
    return f"/api/analysis_service/{service_id}/signing_secret"


@pytest.fixture
def group(admin):
    return make_group(admin)


@pytest.fixture
def manager(admin, group):
    return manager_of(admin, group)


def test_the_secret_is_a_standard_webhooks_secret_and_is_shown_once(manager):
    service_id = register(manager)

    secret = manager.post(path(service_id)).data["signing_secret"]

    assert secret.startswith("whsec_")
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    assert "secret" not in manager.get(f"/api/analysis_service/{service_id}").body.decode()
    assert manager.get(path(service_id)).status == 405
    assert secret.removeprefix("whsec_") not in stored_text()
    assert manager.post(path(service_id)).data["signing_secret"] != secret


def test_the_stored_secret_opens_for_its_own_service_and_purpose_only(manager):
    service_id, kms = register(manager), boto3.client("kms")
    secret = manager.post(path(service_id)).data["signing_secret"]
    sealed = Service.of_id(service_id).signing_secret

    def opened(**context):
        answer = kms.decrypt(KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext=context)
        return "whsec_" + base64.b64encode(answer["Plaintext"]).decode()

    owner = f"service#{service_id}"
    assert opened(owner=owner, purpose="signing") == secret
    for other in ({"owner": owner}, {"owner": "service#9999", "purpose": "signing"}, {}):
        with pytest.raises(ClientError):
            opened(**other)


def test_only_who_manages_the_service_makes_or_removes_it(admin, manager, group):
    service_id = register(manager, group_ids=[group])
    stranger = manager_of(admin, make_group(admin))

    assert make_user(admin).post(path(service_id)).error[0] == 401
    for method in ("POST", "DELETE"):
        assert stranger.call(method, path(service_id)).error == (403, "Cannot access this Analysis Service.")
    assert stranger.post(path(999_999)).error == (403, "Cannot access this Analysis Service.")


def test_nothing_is_left_of_it_when_it_or_its_service_is_removed(manager):
    service_id = register(manager)
    manager.post(path(service_id))
    assert manager.delete(path(service_id)).data == {}
    assert Service.of_id(service_id).signing_secret is None

    manager.post(path(service_id))
    manager.delete(f"/api/analysis_service/{service_id}")
    assert Service.of_id(service_id).signing_secret is None
