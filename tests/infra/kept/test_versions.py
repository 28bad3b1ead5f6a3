"""A folder of an older version becomes one of a newer, as a whole or not at all; an older program leaves it alone."""

import base64
import sqlite3
import stat
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from infra.local.aws.kept import schema
from infra.local.http.listening import free_port
from tests.infra.kept.aws_process import KeptAws
from tests.infra.kept.command import refused, run
from tests.infra.serve import ROOT

WRITTEN = Path(__file__).with_name("version_1.sql")
"""The database of a folder that version 1 has written; not made anew when the program changes."""

FILE = "a7a3a69cfd5c496792661be9513a0cf8"
SEALED = "ZDg3NDk3MzItMDBlZC00ZjJlLTliZDYtOTIwMDhhYmM0YThjDdOHsleaNIhNri2QWosENcKZLrO03b/PYyoZZh+1MVtmFFeM"

NEXT = """
import sys, time
from pathlib import Path
from infra.local.aws.kept import folder, schema

def step(connection):
    connection.execute("CREATE TABLE added (x)")
    connection.execute("DELETE FROM messages")
    Path(sys.argv[2]).touch()
    time.sleep(float(sys.argv[3]))

schema.UPGRADES[schema.VERSION] = step
schema.VERSION += 1
folder.take(Path(sys.argv[1]))
"""
"""A program of the next version, whose upgrade takes its time."""


@pytest.fixture
def data(tmp_path):
    """A folder of version 1."""
    data = tmp_path / "data"
    (data / "objects" / FILE[:2]).mkdir(parents=True)
    (data / "objects" / FILE[:2] / FILE).write_bytes(b"content")
    (data / "version").write_text("1\n")
    with closing(sqlite3.connect(data / "siderostat.db")) as connection:
        connection.executescript(WRITTEN.read_text())
    return data


def begin(data, hold=0):
    marker = data.with_name("marker")
    marker.unlink(missing_ok=True)
    process = subprocess.Popen([sys.executable, "-c", NEXT, str(data), str(marker), str(hold)], cwd=ROOT)
    return process, marker


def content(database):
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump()), connection.execute("PRAGMA user_version").fetchone()[0]


def test_what_version_1_has_written_is_read_whole(data):
    with KeptAws(data) as aws:
        held = aws.client("sqs").receive_message(QueueUrl=f"{aws.url}/123456789012/queue")["Messages"]
        query = {"KeyConditionExpression": "#g = :g", "ExpressionAttributeNames": {"#g": "group"}}
        values = {":g": {"S": "g"}}
        items = aws.client("dynamodb").query(
            TableName="table", IndexName="by_group", ExpressionAttributeValues=values, **query
        )["Items"]
        stored = aws.client("s3").get_object(Bucket="bucket", Key="a/key")
        opened = aws.client("kms").decrypt(CiphertextBlob=base64.b64decode(SEALED))["Plaintext"]
        secret = aws.client("secretsmanager").get_secret_value(SecretId="secret")["SecretString"]
        body = stored["Body"].read()
        aws.stop()
    assert [message["Body"] for message in held] == ["message"]
    assert [item["pk"]["S"] for item in items] == ["k0", "k1", "k2"]
    assert items[0]["bytes"]["B"] == bytes(range(40))
    assert items[0]["map"] == {"M": {"list": {"L": [{"NULL": True}, {"BOOL": False}]}, "set": {"NS": ["1", "2"]}}}
    assert (body, stored["ContentType"], stored["Metadata"]) == (b"content", "text/x-test", {"n": "1"})
    assert (opened, secret) == (b"password", "hidden")


def test_an_upgrade_that_is_killed_in_the_midst_is_made_again(data):
    before = content(data / "siderostat.db")
    process, marker = begin(data, hold=60)
    deadline = time.monotonic() + 60
    while not marker.exists():
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.kill()
    process.wait()
    assert content(data / "siderostat.db") == before
    copy = data / "before-version-2.db"
    copy.write_bytes(b"torn")  # as if the copy had been killed

    process, _ = begin(data)
    assert process.wait(timeout=60) == 0
    lines, version = content(data / "siderostat.db")
    assert version == schema.VERSION + 1
    assert "CREATE TABLE added (x);" in lines
    assert (data / "version").read_text() == f"{schema.VERSION + 1}\n"
    assert content(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert sorted(path.name for path in data.glob("*before*")) == [copy.name]
    assert list(data.glob(".*")) == []


@pytest.mark.parametrize("told", [True, False])
def test_an_older_program_refuses_what_a_newer_one_has_written(data, told):
    process, _ = begin(data)
    assert process.wait(timeout=60) == 0
    if not told:  # killed after the upgrade, before it wrote the file
        (data / "version").write_text(f"{schema.VERSION}\n")
    before = content(data / "siderostat.db")
    status, said = refused("serve", "--data", data, "--port", free_port())
    assert (status, "newer version" in said) == (1, True), said
    assert content(data / "siderostat.db") == before
    to = data.with_name("file")
    assert run("backup", "--data", data, "--to", to).returncode == 0
    if told:
        status, said = refused("restore", "--from", to, "--data", data.with_name("elsewhere"))
        assert (status, "newer version" in said) == (1, True), said
        assert not data.with_name("elsewhere").exists()
