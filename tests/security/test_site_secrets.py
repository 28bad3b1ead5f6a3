"""Settings that name where a secret is kept, rather than hold it."""

import os

import boto3
import pytest

from chalicelib import memory
from chalicelib.settings import settings
from tests.support.api import Api

PREFIX = os.environ["SIDEROSTAT_PREFIX"]
TOKEN = "0123456789abcdef0123456789abcdef"


def parameter(name):
    return f"arn:aws:ssm:us-east-1:123456789012:parameter/{PREFIX}/{name}"


def store(name, value):
    boto3.client("ssm").put_parameter(Name=f"/{PREFIX}/{name}", Value=value, Type="SecureString", Overwrite=True)


@pytest.fixture
def setting(stack, monkeypatch):
    def change(name, value):
        monkeypatch.setenv(f"SIDEROSTAT_{name}", value)
        settings.cache_clear()
        memory.forget()

    yield change
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def admin_token(setting):
    made = boto3.client("secretsmanager").create_secret(Name=f"{PREFIX}-admin-token", SecretString=TOKEN)
    setting("ADMIN_TOKEN", made["ARN"])
    yield made["ARN"]
    boto3.client("secretsmanager").delete_secret(SecretId=made["ARN"], ForceDeleteWithoutRecovery=True)


def test_the_first_administrators_token_is_what_its_secret_holds(admin_token):
    assert Api(admin_token).get("/api/internal/profile").status == 401
    assert Api(TOKEN).get("/api/internal/profile").data["username"] == "admin"


def test_the_summarizer_asks_for_the_token_that_is_stored_once_there_is_one(setting, anonymous):
    document = {"callback_url": "https://example.org/a", "inputs": {}}
    setting("SUMMARIZER_TOKEN", parameter("summarizer-token"))
    assert anonymous.post("/summarize", document).status == 200

    store("summarizer-token", "open sesame")
    memory.forget()
    assert anonymous.post("/summarize", document).status == 401
    assert anonymous.post("/summarize", document, headers={"Authorization": "Bearer open sesame"}).status == 200
    boto3.client("ssm").delete_parameter(Name=f"/{PREFIX}/summarizer-token")


@pytest.mark.parametrize("url", ["https://api.example.org/dev/", "https://api.example.org/dev//"])
def test_a_slash_at_the_end_of_the_public_url_does_not_count(setting, url):
    setting("PUBLIC_URL", url)

    assert settings().public_url == "https://api.example.org/dev"
    assert settings().summarizer_url == "https://api.example.org/dev/summarize"
