"""Objects that are answered straight from moto's operations are answered as on the long way through its application."""

import http.client
import re
import socket
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib.settings import settings
from infra.local.aws import quick_handler, straight_objects

CHANGING = {"ResponseMetadata", "LastModified", "Expires"}


@pytest.fixture
def s3(stack):
    stack.empty()
    when = dict.fromkeys(("request_checksum_calculation", "response_checksum_validation"), "when_required")
    config = Config(retries={"total_max_attempts": 1}, signature_version="s3v4", **when)
    client = boto3.client("s3", config=config)
    client.put_object(Bucket=settings().bucket, Key="there/1.json", Body=b"{}", ContentType="application/json")
    return client


@pytest.fixture
def straightly(monkeypatch):
    """Count what was answered straight."""
    found = []
    answer = straight_objects._Handler.answer
    monkeypatch.setattr(straight_objects._Handler, "answer", lambda *args: found.append(args[1]) or answer(*args))
    return found


def said(ask):
    try:
        answer = ask()
    except ClientError as error:
        about = error.response["ResponseMetadata"]
        return about["HTTPStatusCode"], error.response["Error"]
    headers = {
        name: value
        for name, value in answer["ResponseMetadata"]["HTTPHeaders"].items()
        if name in {"etag", "content-length", "content-type", "accept-ranges"} or name.startswith("x-amz-meta")
    }
    if answer["ResponseMetadata"]["HTTPStatusCode"] == 204 or not int(headers.get("content-length", 0)):
        headers.pop("content-type", None)  # of nothing
        headers.pop("content-length", None)
    content = answer["Body"].read() if "Body" in answer else None
    rest = {name: value for name, value in answer.items() if name not in CHANGING | {"Body"}}
    for listed in rest.get("Contents", []):
        del listed["LastModified"]  # a second may have passed
    if "CopyObjectResult" in rest:
        rest["CopyObjectResult"].pop("LastModified")
        headers.pop("content-length")
    return answer["ResponseMetadata"]["HTTPStatusCode"], headers, content, rest


def key(name, **more):
    return {"Bucket": settings().bucket, "Key": name, **more}


def copied(name, of):
    return key(name, CopySource={"Bucket": settings().bucket, "Key": of})


WAYS = {
    "put": lambda s3: s3.put_object(**key("new", Body=b"\x00\xff" * 9)),
    "put nothing": lambda s3: s3.put_object(**key("new", Body=b"")),
    "put text": lambda s3: s3.put_object(**key("new/é ü+%", Body=b"x", ContentType="text/plain; charset=utf-8")),
    "put with notes": lambda s3: s3.put_object(**key("new", Body=b"x", Metadata={"note": "a"}, ContentEncoding="gzip")),
    "put if there is none": lambda s3: s3.put_object(**key("there/1.json", Body=b"x", IfNoneMatch="*")),
    "put with a long key": lambda s3: s3.put_object(**key("k" * 1025, Body=b"x")),
    "put elsewhere": lambda s3: s3.put_object(Bucket="elsewhere-0", Key="new", Body=b"x"),
    "get": lambda s3: s3.get_object(**key("there/1.json")),
    "get a part": lambda s3: s3.get_object(**key("there/1.json", Range="bytes=1-")),
    "get if it changed": lambda s3: s3.get_object(**key("there/1.json", IfNoneMatch='"none"')),
    "get what is not there": lambda s3: s3.get_object(**key("there/2.json")),
    "head": lambda s3: s3.head_object(**key("there/1.json")),
    "head of what is not there": lambda s3: s3.head_object(**key("there/2.json")),
    "delete": lambda s3: s3.delete_object(**key("there/1.json")),
    "delete what is not there": lambda s3: s3.delete_object(**key("there/2.json")),
    "copy": lambda s3: s3.copy_object(**copied("new", "there/1.json")),
    "copy what is not there": lambda s3: s3.copy_object(**copied("new", "there/2.json")),
    "list": lambda s3: s3.list_objects_v2(Bucket=settings().bucket),
}
STRAIGHT = {"put": "PUT", "put nothing": "PUT", "get": "GET", "head": "HEAD", "delete": "DELETE", "copy": "PUT"}


def stored(s3):
    listed = s3.list_objects_v2(Bucket=settings().bucket).get("Contents", [])
    return [said(lambda one=one: s3.get_object(**key(one["Key"]))) for one in listed]


@pytest.mark.parametrize("way", WAYS)
def test_objects_are_answered_and_stored_the_same(s3, straightly, monkeypatch, way):
    found = said(lambda: WAYS[way](s3)), stored(s3)
    taken = straightly[0] if straightly else None
    s3.delete_object(**key("new"))
    s3.put_object(**key("there/1.json", Body=b"{}", ContentType="application/json"))
    monkeypatch.setattr(straight_objects, "_place", lambda _: None)

    assert found == (said(lambda: WAYS[way](s3)), stored(s3))
    if way in STRAIGHT:
        assert taken == STRAIGHT[way]


def test_a_bucket_with_a_policy_is_left_to_moto(s3, straightly):
    s3.create_bucket(Bucket="with-policy")
    s3.put_object(Bucket="with-policy", Key="a", Body=b"x")
    deny = '{"Statement": [{"Effect": "Deny", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::with-policy/*"}]}'
    s3.put_bucket_policy(Bucket="with-policy", Policy=deny)

    assert said(lambda: s3.get_object(Bucket="with-policy", Key="a"))[0] == 403
    assert straightly == ["PUT"]
    s3.delete_bucket_policy(Bucket="with-policy")
    s3.delete_object(Bucket="with-policy", Key="a")
    s3.delete_bucket(Bucket="with-policy")


def asked(url, method, target, headers=(), body=None):
    """Ask over HTTP with these very headers, twice on one connection."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    answers = []
    for _ in range(2):
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        content = re.sub(rb"<(Request|Host)Id>[^<]*", b"", answer.read())
        answers.append((answer.status, answer.headers.get("ETag"), answer.headers.get("Content-Length"), content))
    connection.close()
    return answers


SIGNED = (
    "Authorization",
    "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/s3/aws4_request, SignedHeaders=h, Signature=0",
)


@pytest.mark.parametrize(
    "request_",
    [
        ("GET", [SIGNED], None),
        ("GET", [SIGNED, ("Connection", "keep-alive")], None),
        ("GET", [SIGNED, ("range", "bytes=1-1")], None),
        ("GET", [], None),
        ("HEAD", [SIGNED], None),
        ("PUT", [SIGNED, ("Content-Type", "text/plain"), ("Content-Length", "3")], b"abc"),
        ("PUT", [SIGNED, ("Content-Length", "3"), ("x-amz-meta-a", "1"), ("X-Amz-Meta-B", "2 , 3")], b"abc"),
        ("PUT", [SIGNED, ("Content-Length", "3"), ("Expect", "100-continue")], b"abc"),
        ("PUT", [SIGNED, ("Content-Length", "3"), ("a_b", "1"), ("folded", "a\r\n b")], b"abc"),
        ("DELETE", [SIGNED, ("Content-Length", "0")], None),
    ],
)
@pytest.mark.parametrize("query", ["", "?versionId=1", "?X-Amz-Signature=0", "?tagging"])
def test_heads_are_understood_the_same(s3, stack, monkeypatch, request_, query):
    method, headers, body = request_
    target = f"/{settings().bucket}/there/1.json{query}"
    quickly = asked(stack.aws.url, method, target, headers, body), stored(s3)
    s3.put_object(**key("there/1.json", Body=b"{}", ContentType="application/json"))
    monkeypatch.setattr(quick_handler, "environ_of_object", lambda *_: None)
    monkeypatch.setattr(straight_objects, "_place", lambda _: None)

    assert quickly == (asked(stack.aws.url, method, target, headers, body), stored(s3))


def test_what_breaks_off_is_not_stored(s3, stack):
    with socket.create_connection(urlsplit(stack.aws.url).netloc.split(":"), timeout=10) as connection:
        head = f"PUT /{settings().bucket}/broken HTTP/1.1\r\nHost: 127.0.0.1\r\n{': '.join(SIGNED)}\r\n"
        connection.sendall(f"{head}Content-Length: 9\r\n\r\nabc".encode())
        connection.shutdown(socket.SHUT_WR)
        assert b" 200 " not in connection.recv(100)

    assert [one["Key"] for one in s3.list_objects_v2(Bucket=settings().bucket)["Contents"]] == ["there/1.json"]


def test_a_signed_url_is_read_straight_until_it_expires(s3, stack, straightly):
    shown = {"ResponseContentDisposition": 'attachment; filename="a"'}
    url, old = (
        urlsplit(s3.generate_presigned_url("get_object", Params=key("there/1.json", **shown), ExpiresIn=seconds))
        for seconds in (60, 0)
    )

    connection = http.client.HTTPConnection(url.netloc, timeout=10)
    connection.request("GET", f"{url.path}?{url.query}")
    answer = connection.getresponse()
    assert (answer.status, answer.read(), answer.headers["Content-Disposition"]) == (
        200,
        b"{}",
        'attachment; filename="a"',
    )
    assert straightly == ["GET"]
    connection.request("GET", f"{old.path}?{old.query.replace('X-Amz-Date=2', 'X-Amz-Date=1')}")
    refused = connection.getresponse()
    assert (refused.status, b"AccessDenied" in refused.read()) == (403, True)
    connection.close()
