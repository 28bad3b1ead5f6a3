"""Presigned forms on the embedded AWS: what S3 refuses is refused."""

import base64
import json

import boto3
import pytest
import requests

from chalicelib import aws
from chalicelib.settings import settings


@pytest.fixture
def form(stack):
    def make(seconds=60, most=100, key="uploads/7/document", **options):
        return aws.s3().generate_presigned_post(
            settings().bucket, key, Conditions=[["content-length-range", 1, most]], ExpiresIn=seconds, **options
        )

    return make


def send(form, content=b"here", **changes):
    fields = {**form["fields"], **changes}
    return requests.post(form["url"], data=fields, files={"file": ("x", content)}, timeout=10)


def stored(key="uploads/7/document"):
    return boto3.client("s3").get_object(Bucket=settings().bucket, Key=key)["Body"].read()


def test_a_form_stores_its_file_byte_for_byte(form):
    content = bytes(range(256)) * 4 + b"\r\n--boundary--\r\n"
    assert send(form(most=5000), content).status_code == 204
    assert stored() == content


@pytest.mark.parametrize(
    ("content", "changes", "options", "refused"),
    [
        (b"here", {"key": "uploads/8/document"}, {}, (403, "AccessDenied")),
        (b"here", {"key": "products/7/results.json"}, {}, (403, "AccessDenied")),
        (b"a" * 101, {}, {}, (400, "EntityTooLarge")),
        (b"", {}, {}, (400, "EntityTooSmall")),
        (b"here", {}, {"seconds": -1}, (403, "AccessDenied")),
        (b"here", {"acl": "public-read"}, {}, (403, "AccessDenied")),
        (b"here", {"x-amz-signature": "0" * 64}, {}, (403, "SignatureDoesNotMatch")),
        (b"here", {"policy": ""}, {}, (403, "AccessDenied")),
    ],
)
def test_what_the_policy_does_not_allow_is_refused_and_not_stored(form, content, changes, options, refused):
    boto3.client("s3").delete_object(Bucket=settings().bucket, Key="uploads/7/document")
    status, code = refused
    answer = send(form(**options), content, **changes)
    assert (answer.status_code, f"<Code>{code}</Code>" in answer.text) == (status, True)
    listed = boto3.client("s3").list_objects_v2(Bucket=settings().bucket)
    assert "Contents" not in listed


def test_a_policy_that_was_changed_is_refused(form):
    made = form()
    policy = json.loads(base64.b64decode(made["fields"]["policy"]))
    policy["expiration"] = "2999-01-01T00:00:00Z"
    changed = base64.b64encode(json.dumps(policy).encode()).decode()
    assert send(made, policy=changed).status_code == 403


def test_just_the_allowed_size_is_taken(form):
    assert send(form(), b"a" * 100).status_code == 204


def test_a_form_without_a_file_is_refused(form):
    made = form()
    answer = requests.post(
        made["url"], files={name: (None, value) for name, value in made["fields"].items()}, timeout=10
    )
    assert answer.status_code == 400


def test_an_upload_that_breaks_off_stores_nothing_and_the_form_stays_good(form):
    made = form(most=10_000_000, key="uploads/9/document")
    request = requests.Request(
        "POST", made["url"], data=made["fields"], files={"file": ("x", bytes(1_000_000))}
    ).prepare()
    request.body, request.headers["Content-Length"] = request.body[:500_000], "500000"
    assert requests.Session().send(request, timeout=10).status_code == 400
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=settings().bucket, Prefix="uploads/9/")
    assert send(made, bytes(1_000_000)).status_code == 204
