"""The bucket under a public URL: what was signed for there is handed on, also where the site lies below a path."""

import io
from email.message import Message
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.credentials import Credentials

from chalicelib.http.errors import Forbidden, GatewayTimeout
from chalicelib.settings import settings
from infra.local.http.listening import free_port
from infra.local.http.storage import Storage, pieces_of

CONFIG = Config(signature_version="s3v4", s3={"addressing_style": "path"})
KEYS = {"aws_access_key_id": "local", "aws_secret_access_key": "a secret"}


@pytest.fixture
def stored(stack):
    boto3.client("s3").put_object(Bucket=settings().bucket, Key="a b/ü+%41", Body=b"content")
    return stack.aws.url


def signed(url, key="a b/ü+%41", **keys):
    s3 = boto3.client("s3", endpoint_url=url, config=CONFIG, **KEYS | keys)
    parts = urlsplit(s3.generate_presigned_url("get_object", Params={"Bucket": settings().bucket, "Key": key}))
    return f"{parts.path}?{parts.query}"


def read(url, endpoint, path):
    storage = Storage(url, endpoint, settings().bucket, Credentials("local", "a secret"))
    taken_off = path.removeprefix(urlsplit(url).path)  # by the proxy
    assert storage.holds(taken_off)
    with storage.ask("GET", taken_off, Message(), io.BytesIO()) as answer:
        return answer.status, b"".join(pieces_of(answer))


@pytest.mark.parametrize(
    "url", ["https://sky.example.org", "https://sky.example.org:8443", "http://sky.example.org/a/b"]
)
def test_what_was_signed_for_a_public_url_is_read(stored, url):
    assert read(url, stored, signed(url)) == (200, b"content")


@pytest.mark.parametrize(
    "path",
    [
        lambda: signed("https://elsewhere.example.org"),
        lambda: signed("https://sky.example.org", aws_secret_access_key="local"),
        lambda: signed("https://sky.example.org", region_name="eu-west-1"),
    ],
)
def test_what_was_signed_for_another_place_or_by_others_is_not(stored, path):
    with pytest.raises(Forbidden):
        read("https://sky.example.org", stored, path())


def test_a_storage_that_is_not_there_is_a_sentence(stored):
    with pytest.raises(GatewayTimeout, match="did not answer"):
        read("https://sky.example.org", f"http://127.0.0.1:{free_port()}", signed("https://sky.example.org"))
