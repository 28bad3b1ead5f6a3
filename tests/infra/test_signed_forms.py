"""The embedded S3 holds signed forms and URLs to what they were signed for."""

import base64
import json
from datetime import UTC, datetime, timedelta

import boto3
import pytest
import requests
from botocore.config import Config

from chalicelib.analyses.run import objects
from chalicelib.settings import settings
from infra.local.aws import signed_forms
from infra.local.aws.limits import signed

BUCKET = "siderostat-test-123456789012"


@pytest.fixture
def s3(stack):
    return boto3.client("s3", config=Config(signature_version="s3v4"))


def form_of(s3, key="up/${filename}", most=100, seconds=60, conditions=()):
    limits = [["content-length-range", 2, most], *conditions]
    return s3.generate_presigned_post(BUCKET, key, Conditions=limits, ExpiresIn=seconds)


def post(form, content=b"content", **changes):
    fields = {name: value for name, value in {**form["fields"], **changes}.items() if value is not None}
    answer = requests.post(form["url"], data=fields, files={"file": ("name", content)}, timeout=10)
    code = answer.text.partition("<Code>")[2].partition("</Code>")[0]
    return answer.status_code, code


def test_a_form_stores_what_it_was_signed_for(s3):
    assert post(form_of(s3), key="up/a") == (204, "")
    assert post(form_of(s3, "up/fixed")) == (204, "")
    assert s3.get_object(Bucket=BUCKET, Key="up/a")["Body"].read() == b"content"


@pytest.mark.parametrize(
    ("content", "changes", "refusal"),
    [
        (b"x" * 101, {"key": "up/a"}, (400, "EntityTooLarge")),
        (b"x", {"key": "up/a"}, (400, "EntityTooSmall")),
        (b"content", {"key": "elsewhere/a"}, (403, "AccessDenied")),
        (b"content", {"key": "up/a", "x-amz-meta-own": "1"}, (403, "AccessDenied")),
        (b"content", {"key": "up/a", "Content-Type": "text/html"}, (403, "AccessDenied")),
        (b"content", {"key": "up/a", "policy": None}, (403, "AccessDenied")),
        (b"content", {"key": "up/a", "x-ignore-this": "1"}, (204, "")),
    ],
)
def test_a_form_stores_nothing_else(s3, content, changes, refusal):
    assert post(form_of(s3), content, **changes) == refusal
    stored = s3.list_objects_v2(Bucket=BUCKET)["KeyCount"]
    assert stored == (1 if refusal[0] == 204 else 0)


def test_a_form_may_be_signed_for_exact_and_for_any_types(s3):
    one = form_of(s3, conditions=[{"Content-Type": "image/png"}])
    assert post(one, key="up/a", **{"Content-Type": "image/png"}) == (204, "")
    assert post(one, key="up/a", **{"Content-Type": "image/gif"}) == (403, "AccessDenied")
    assert post(one, key="up/a") == (403, "AccessDenied")
    images = form_of(s3, conditions=[["starts-with", "$Content-Type", "image/"]])
    assert post(images, key="up/a", **{"Content-Type": "image/gif"}) == (204, "")


def test_a_form_ends_when_it_says(s3):
    form = form_of(s3)
    fields = {**form["fields"], "key": "up/a"}
    expiration = datetime.fromisoformat(json.loads(base64.b64decode(fields["policy"]))["expiration"])
    signed_forms.check(fields, BUCKET, 10, expiration - timedelta(seconds=1))
    with pytest.raises(signed_forms.Refused, match="Policy expired"):
        signed_forms.check(fields, BUCKET, 10, expiration + timedelta(seconds=1))
    assert post(form_of(s3, seconds=-1), key="up/a") == (403, "AccessDenied")


def test_the_form_of_a_runs_products_takes_them_alone(s3):
    form = objects.signed_write("products/7/", 100)
    fields = {**form["fields"], "Content-Type": "image/png"}
    assert post({"url": form["url"], "fields": fields}, key="products/7/plots/0.png") == (204, "")
    assert post({"url": form["url"], "fields": fields}, key="products/8/plots/0.png") == (403, "AccessDenied")
    assert post({"url": form["url"], "fields": fields}, b"x" * 101, key="products/7/a") == (400, "EntityTooLarge")


def test_a_signed_url_ends_when_it_says(s3):
    s3.put_object(Bucket=settings().bucket, Key="a", Body=b"content")
    url = objects.signed_read("a", 60)
    assert requests.get(url, timeout=10).content == b"content"
    query = dict(part.split("=") for part in url.partition("?")[2].split("&"))
    start = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    signed.check_url(query, start + timedelta(seconds=60))
    with pytest.raises(signed.Refused, match="expired"):
        signed.check_url(query, start + timedelta(seconds=61))
    old = url.replace(query["X-Amz-Date"], "20200101T000000Z")
    assert (requests.get(old, timeout=10).status_code, requests.head(old, timeout=10).status_code) == (403, 403)
    assert requests.get(objects.signed_read("a", 604_801), timeout=10).status_code == 400
