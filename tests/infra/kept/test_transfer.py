"""From one box to an account and back: tables, objects, and what is sealed."""

import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import time

import boto3
import pytest

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.http.listening import listener, url
from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.command import plain, refused, run
from tests.infra.kept.forked import Forked
from tests.infra.serve import ROOT

pytestmark = pytest.mark.timeout(400)

BUCKET = f"siderostat-{ACCOUNT_ID}"
CONTEXT = {"owner": "service#7"}
KEY = "alias/siderostat-credentials"


@pytest.fixture
def account():
    """Another AWS, in a process of its own, for the tests' own is in use."""
    sock = listener()
    process = Forked([sock.fileno()], [], dict(os.environ))
    process.stdin.write(b"go\n")
    process.stdin.flush()
    assert process.stdout.readline().startswith(b"ready")
    yield url(sock)
    process.stdin.close()
    process.wait(timeout=10)
    sys.stderr.write(process.stderr.read().decode())
    process.stdout.close()
    process.stderr.close()
    sock.close()


def client(url, service):
    return boto3.client(service, endpoint_url=url, region_name=REGION)


def fill(url):
    secret = client(url, "kms").encrypt(KeyId=KEY, Plaintext=b"password", EncryptionContext=CONTEXT)["CiphertextBlob"]
    dynamodb, s3 = client(url, "dynamodb"), client(url, "s3")
    service = {"service_id": {"N": "7"}, "sk": {"S": "service"}, "secret": {"B": secret}}
    dynamodb.put_item(TableName="siderostat-services", Item=service)
    for number in range(60):
        item = {"pk": {"S": f"k{number}"}, "sk": {"S": "1"}, "text": {"S": "x" * number}}
        dynamodb.put_item(TableName="siderostat-registry", Item=item)
    for number in range(12):
        s3.put_object(
            Bucket=BUCKET, Key=f"products/{number}", Body=bytes([number]) * 99, ContentType="a/b", Metadata={"n": "1"}
        )


def content(url):
    """Return everything that is to be carried, with what is sealed opened."""
    dynamodb, s3 = client(url, "dynamodb"), client(url, "s3")
    items = []
    for table in ("registry", "sources", "services", "analyses"):
        for page in dynamodb.get_paginator("scan").paginate(TableName=f"siderostat-{table}"):
            items += page["Items"]
    for item in items:
        if "secret" in item:
            sealed = item["secret"]["B"]
            item["secret"] = client(url, "kms").decrypt(CiphertextBlob=sealed, EncryptionContext=CONTEXT)["Plaintext"]
    objects = {}
    for one in s3.list_objects_v2(Bucket=BUCKET).get("Contents", []):
        found = s3.get_object(Bucket=BUCKET, Key=one["Key"])
        objects[one["Key"]] = found["Body"].read(), found["ContentType"], found["Metadata"]
    secret = client(url, "secretsmanager").get_secret_value(SecretId="siderostat-webhook")["SecretString"]
    return sorted(map(str, items)), objects, secret


def test_everything_goes_to_an_account_and_comes_back(tmp_path, account):
    box, other = tmp_path / "box", tmp_path / "other"
    with KeptAws(box, "siderostat") as aws:
        fill(aws.url)
        before = content(aws.url)
        aws.stop()
    done = run("export", "--data", box, "--endpoint-url", account)
    assert (done.returncode, done.stderr) == (0, "")
    assert "60 items" in done.stdout
    assert "12 objects" in done.stdout
    assert content(account) == before
    assert list(box.glob("transfer-*")) == []

    assert run("import-from", "--data", other, "--endpoint-url", account).returncode == 0
    with KeptAws(other) as aws:
        assert content(aws.url) == before
        aws.stop()


def test_a_copy_that_was_ended_goes_on_where_it_was(tmp_path, account):
    box = tmp_path / "box"
    with KeptAws(box, "siderostat") as aws:
        fill(aws.url)
        aws.stop()
    assert run("export", "--data", box, "--endpoint-url", account).returncode == 0
    client(account, "s3").delete_object(Bucket=BUCKET, Key="products/0")
    client(account, "s3").delete_object(Bucket=BUCKET, Key="products/9")
    name = hashlib.sha256(f"{account} True".encode()).hexdigest()[:12]
    (box / f"transfer-{name}.json").write_text(json.dumps({"siderostat-registry": True, "objects": "products/5"}))
    done = run("export", "--data", box, "--endpoint-url", account)

    assert "60 items" not in done.stdout
    listed = {one["Key"] for one in client(account, "s3").list_objects_v2(Bucket=BUCKET)["Contents"]}
    assert "products/9" in listed
    assert "products/0" not in listed


def kill_in_the_midst(data, *words):
    """Run a command and kill it when it has noted its first step."""
    process = subprocess.Popen([sys.executable, "-m", "infra.local", *map(str, words)], cwd=ROOT, env=plain())
    deadline = time.monotonic() + 60
    while not list(data.glob("transfer-*.json")):
        assert process.poll() is None, "it has ended too soon"
        assert time.monotonic() < deadline
        time.sleep(0.001)
    process.kill()
    assert process.wait(timeout=10) == -signal.SIGKILL
    assert list(data.glob("transfer-*.json")) != []


def test_copies_that_are_killed_go_on_to_the_same_end(tmp_path, account):
    box, other = tmp_path / "box", tmp_path / "other"
    with KeptAws(box, "siderostat") as aws:
        fill(aws.url)
        before = content(aws.url)
        aws.stop()
    outward = "export", "--data", box, "--endpoint-url", account
    inward = "import-from", "--data", other, "--endpoint-url", account
    for data, words in ((box, outward), (other, inward)):
        kill_in_the_midst(data, *words)
        done = run(*words)
        assert (done.returncode, done.stderr) == (0, "")
        assert list(data.glob("transfer-*")) == []
    assert content(account) == before
    with KeptAws(other) as aws:
        assert content(aws.url) == before
        aws.stop()
    assert [path for path in other.rglob("*") if path.is_file() and stat.S_IMODE(path.stat().st_mode) != 0o600] == []


def test_what_cannot_be_is_one_line(tmp_path):
    status, said = refused("export", "--data", tmp_path / "none", "--endpoint-url", "http://127.0.0.1:9")
    assert (status, "no installation" in said) == (1, True)
    status, said = refused("import-from", "--data", tmp_path / "new", "--endpoint-url", "http://127.0.0.1:9")
    assert (status, "http://127.0.0.1:9" in said) == (1, True)
    assert refused("export", "--data", tmp_path / "none")[0] == 2
