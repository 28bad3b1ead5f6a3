"""Objects of S3 on the straight way: stored, read, refused and signed for as botocore does it."""

import boto3
import botocore.auth
import pytest
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ReadTimeoutError
from botocore.httpsession import URLLib3Session

from chalicelib import aws, clients, signatures
from chalicelib.settings import settings
from chalicelib.signatures import Signer

KEYS = ["plain/1.json.gz", "a b+c~d/ü ?&=%25", "//twice//", "./../x", "quote'\"(*)!"]


@pytest.fixture
def theirs(stack):
    return boto3.client("s3", config=Config(signature_version="s3v4"))


@pytest.mark.parametrize("key", KEYS)
def test_what_is_put_is_what_others_get(theirs, key):
    place = {"Bucket": settings().bucket, "Key": key}
    aws.s3().put_object(**place, Body=key.encode(), ContentType="application/x-odd; a=b")
    found = theirs.get_object(**place)
    assert (found["Body"].read(), found["ContentType"]) == (key.encode(), "application/x-odd; a=b")


@pytest.mark.parametrize("key", KEYS)
def test_what_others_put_is_what_is_got(theirs, key):
    place = {"Bucket": settings().bucket, "Key": key}
    put = theirs.put_object(**place, Body=key.encode(), ContentType="text/x")
    found = aws.s3().get_object(**place)
    assert found["Body"].read() == key.encode()
    assert (found["ETag"], found["ContentType"], found["ContentLength"]) == (put["ETag"], "text/x", len(key.encode()))


@pytest.mark.parametrize("size", [0, 1, 2_000_000, 17_000_000])
def test_sizes(stack, size):
    place = {"Bucket": settings().bucket, "Key": "size"}
    content = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    aws.s3().put_object(**place, Body=content)
    assert aws.s3().get_object(**place)["Body"].read() == content
    assert b"".join(aws.s3().get_object(**place)["Body"].iter_chunks(100_000)) == content


def test_what_is_not_there_is_refused_by_its_name(stack):
    s3 = aws.s3()
    with pytest.raises(s3.exceptions.NoSuchKey):
        s3.get_object(Bucket=settings().bucket, Key="none")
    with pytest.raises(s3.exceptions.NoSuchBucket):
        s3.put_object(Bucket="no-such-bucket", Key="none", Body=b"")


def test_with_more_than_that_botocore_does_it(theirs):
    place = {"Bucket": settings().bucket, "Key": "more"}
    aws.s3().put_object(**place, Body=b"0123456789", Metadata={"a": "b"}, ContentEncoding="identity")
    found = aws.s3().get_object(**place, Range="bytes=2-4")
    assert (found["Body"].read(), found["Metadata"]) == (b"234", {"a": "b"})


@pytest.mark.parametrize("operation", ["get_object", "put_object"])
def test_signed_urls_are_botocores(theirs, monkeypatch, operation):
    moment = botocore.auth.get_current_datetime()
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: moment)
    wanted = {"Params": {"Bucket": settings().bucket, "Key": KEYS[1]}, "ExpiresIn": 60}
    assert aws.s3().generate_presigned_url(operation, **wanted) == theirs.generate_presigned_url(operation, **wanted)


@pytest.mark.parametrize("token", [None, "session"])
@pytest.mark.parametrize(("method", "body"), [("GET", b""), ("PUT", b"content")])
def test_a_signature_is_botocores(monkeypatch, method, body, token):
    credentials = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", token)
    url = "https://bucket.s3.eu-west-1.amazonaws.com/a%20b/%C3%BC//c"
    now = botocore.auth.get_current_datetime()
    monkeypatch.setattr(botocore.auth, "get_current_datetime", lambda: now)
    monkeypatch.setattr(signatures.time, "gmtime", now.timetuple)
    theirs = AWSRequest(method, url, {"Content-Type": "text/x"}, body)
    botocore.auth.S3SigV4Auth(credentials, "s3", "eu-west-1").add_auth(theirs)
    given = {name: theirs.headers[name] for name in ("Content-Type", "X-Amz-Content-SHA256")}
    signed = Signer(credentials, "eu-west-1", "s3").headers(url, {**given, "User-Agent": "any"}, body, method)
    assert {**given, **signed} == dict(theirs.headers.items())


@pytest.mark.parametrize("operation", ["get_object", "put_object"])
def test_what_is_lost_is_sent_again(stack, monkeypatch, operation):
    place = {"Bucket": settings().bucket, "Key": "again"}
    aws.s3().put_object(**place, Body=b"x")
    sent, send = [], URLLib3Session.send

    def lose_the_first(session, request):
        sent.append(request.url)
        if len(sent) == 1:
            raise ReadTimeoutError(endpoint_url=request.url)
        return send(session, request)

    monkeypatch.setattr(URLLib3Session, "send", lose_the_first)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    answer = getattr(aws.s3(), operation)(**place, **({} if operation == "get_object" else {"Body": b"x"}))
    assert len(sent) == 2
    assert answer["ETag"] == '"9dd4e461268c8034f5c8564e155c67a6"'


def test_a_bucket_on_aws_is_asked_for_by_its_name(monkeypatch):
    """Where there is no endpoint of our own, the bucket is part of the host, and what signs is of its region."""
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    clients.forget()
    sent = []

    def answered(_, request):
        sent.append(request)
        raise ReadTimeoutError(endpoint_url=request.url)

    monkeypatch.setattr(URLLib3Session, "send", answered)
    monkeypatch.setattr("botocore.retries.standard.ExponentialBackoff.delay_amount", lambda *_: 0.0)
    try:
        with pytest.raises(ReadTimeoutError):
            clients.client("s3").put_object(Bucket="some-bucket", Key="a b", Body=b"x")
    finally:
        clients.forget()
    assert [request.url for request in sent] == ["https://some-bucket.s3.eu-west-1.amazonaws.com/a%20b"] * 3
    assert all("/eu-west-1/s3/aws4_request" in str(request.headers["Authorization"]) for request in sent)
