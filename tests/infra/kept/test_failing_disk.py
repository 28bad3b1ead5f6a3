"""A disk that is full, that syncs nothing, or a clock that goes back: what was not kept is not acknowledged."""

import json
import resource
import shutil
import sqlite3
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from infra.local.aws.kept.database import Database, NotKept
from infra.local.aws.kept.keeper import Keeper
from tests.infra.kept.aws_process import KeptAws

FAILING_FSYNC = Path(__file__).with_name("failing_fsync.c")
KEY = {"pk": {"S": "a"}, "sk": {"S": "1"}}
ENOUGH_TO_OPEN = 33_000
"""Bytes of a file: SQLite's index of a log has 32 KiB, and a log with what a site needs is longer."""
TABLE = {
    "TableName": "table",
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
}


def put(aws, text):
    aws.client("dynamodb").put_item(TableName="table", Item=KEY | {"text": {"S": text}})


def text(aws):
    return aws.client("dynamodb").get_item(TableName="table", Key=KEY, ConsistentRead=True)["Item"]["text"]["S"]


def begin(aws):
    aws.client("dynamodb").create_table(**TABLE)
    aws.client("s3").create_bucket(Bucket="bucket")
    aws.client("sqs").create_queue(QueueName="queue")
    put(aws, "before")
    aws.client("s3").put_object(Bucket="bucket", Key="key", Body=b"before")
    aws.client("sqs").send_message(QueueUrl=f"{aws.url}/123456789012/queue", MessageBody="before")


def writes(aws):
    """Return something that is written, of every kind."""
    url = f"{aws.url}/123456789012/queue"
    return [
        lambda: put(aws, "after" * 1000),
        lambda: aws.client("s3").put_object(Bucket="bucket", Key="key", Body=b"after" * 1000),
        lambda: aws.client("s3").delete_object(Bucket="bucket", Key="key"),
        lambda: aws.client("sqs").send_message(QueueUrl=url, MessageBody="after" * 1000),
        lambda: aws.client("kms").create_key(Description="after" * 1000),
    ]


def held(aws):
    got = aws.client("sqs").receive_message(
        QueueUrl=f"{aws.url}/123456789012/queue", MaxNumberOfMessages=10, VisibilityTimeout=0
    )
    return sorted(message["Body"] for message in got.get("Messages", []))


def all_refused(aws):
    reasons = set()
    for write in writes(aws):
        with pytest.raises(ClientError) as refused:
            write()
        assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
        reasons.add(refused.value.response["Error"]["Message"])
    return reasons


def test_a_full_disk_refuses_writes_reads_on_and_takes_them_again_when_there_is_room(tmp_path):
    with KeptAws(tmp_path / "data") as aws:
        begin(aws)
        _, most = resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE, (1, most))
        reasons = all_refused(aws)
        assert all("no space" in reason for reason in reasons), reasons
        assert text(aws) == "before"
        assert aws.client("s3").get_object(Bucket="bucket", Key="key")["Body"].read() == b"before"

        resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE, (most, most))
        assert held(aws) == ["before"]
        put(aws, "again")
        aws.kill()
        aws.start()
        assert (text(aws), held(aws)) == ("again", ["before"])
        assert aws.client("s3").get_object(Bucket="bucket", Key="key")["Body"].read() == b"before"
        assert aws.client("kms").list_keys()["Keys"] == []
        aws.stop()
        assert "Traceback" not in aws.said


def test_a_disk_that_fills_up_while_a_site_is_made_ends_the_start_and_the_next_one_makes_it(tmp_path):
    with KeptAws(tmp_path / "data", "box") as aws:
        aws.kill()
        (aws.data / "resources").unlink()
        tables = aws.data / "siderostat.db"
        with closing(sqlite3.connect(tables)) as connection:
            connection.executescript("DELETE FROM resources; DELETE FROM tables; PRAGMA wal_checkpoint(TRUNCATE)")
        aws.begin()
        _, most = resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE, (ENOUGH_TO_OPEN, most))
        aws.go()
        aws.wait()
        assert aws.process.returncode == 1
        assert "the data folder cannot be used: " in aws.said
        assert "no space is left" in aws.said
        assert "Traceback" not in aws.said
        assert not (aws.data / "resources").exists()

        aws.start()
        names = sorted(aws.client("dynamodb").list_tables()["TableNames"])
        assert names == [f"box-{name}" for name in ("analyses", "registry", "services", "sources")]


def test_a_queue_that_was_kept_without_its_dead_letters_comes_back_with_them_and_its_messages(tmp_path):
    with KeptAws(tmp_path / "data", "box") as aws:
        queues = aws.client("sqs")
        queues.send_message(QueueUrl=queues.get_queue_url(QueueName="box-summarize")["QueueUrl"], MessageBody="a run")
        aws.kill()
        (aws.data / "resources").unlink()
        with closing(sqlite3.connect(aws.data / "siderostat.db")) as connection:
            connection.executescript("DELETE FROM resources WHERE name = 'box-summarize-dead'")

        aws.start()
        queues = aws.client("sqs")
        url = queues.get_queue_url(QueueName="box-summarize")["QueueUrl"]
        [message] = queues.receive_message(QueueUrl=url)["Messages"]
        assert message["Body"] == "a run"
        policy = queues.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
        assert "box-summarize-dead" in policy["RedrivePolicy"]
        assert "QueueUrl" in queues.get_queue_url(QueueName="box-summarize-dead")


def test_what_is_missing_because_the_disk_failed_is_told_as_that(tmp_path):
    database = Database(tmp_path / "tables.db")

    def look(change):
        with Keeper.changes(SimpleNamespace(database=database)):
            database.write(change)
            raise IndexError  # a row is gone

    def refuse(_connection):
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(NotKept, match="disk I/O error"):
        look(refuse)
    with pytest.raises(IndexError):  # a defect of ours, and nothing to do with the disk
        look(lambda _connection: None)
    database.close()


@pytest.mark.skipif(shutil.which("cc") is None, reason="takes a C compiler")
def test_nothing_is_answered_before_it_is_synced(tmp_path, plain_folder):
    library, switch = plain_folder / "failing_fsync.so", tmp_path / "switch"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, FAILING_FSYNC, "-ldl"], check=True)
    with KeptAws(tmp_path / "data", LD_PRELOAD=str(library), FAILING_FSYNC=str(switch)) as aws:
        begin(aws)
        switch.touch()
        all_refused(aws)
        switch.unlink()
        assert (text(aws), held(aws)) == ("before", ["before"])
        put(aws, "again")
        assert text(aws) == "again"


def test_what_is_synced_for_eight_clients_at_once_fails_for_all_that_wrote_it(tmp_path):
    """A group is kept or refused as a whole, and what follows is not."""
    with KeptAws(tmp_path / "data") as aws:
        begin(aws)
        _, most = resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE)

        def attempt(number):
            try:
                item = {"pk": {"S": f"n{number}"}, "sk": {"S": "1"}, "text": {"S": "x" * 2000}}
                aws.client("dynamodb").put_item(TableName="table", Item=item)
            except ClientError:
                return None
            return f"n{number}"

        with ThreadPoolExecutor(8) as threads:
            answers = threads.map(attempt, range(200))
            for soft in (1, most) * 5:
                time.sleep(0.15)
                resource.prlimit(aws.process.pid, resource.RLIMIT_FSIZE, (soft, most))
            answered = set(filter(None, answers))
        aws.kill()
        aws.start()
        there = {item["pk"]["S"] for item in aws.client("dynamodb").scan(TableName="table")["Items"]} - {"a"}
        assert 0 < len(answered) < 200
        assert answered == there


def test_a_message_comes_back_in_time_though_the_clock_has_gone_back(tmp_path):
    with KeptAws(tmp_path / "data") as aws:
        begin(aws)
        url = f"{aws.url}/123456789012/queue"
        aws.client("sqs").receive_message(QueueUrl=url, VisibilityTimeout=3)
        aws.client("sqs").send_message(QueueUrl=url, MessageBody="later", DelaySeconds=3)
        aws.kill()
        _be_ahead(aws.data / "siderostat.db", milliseconds=7_200_000)
        aws.start()
        time.sleep(3.5)
        assert held(aws) == ["before", "later"]


def _be_ahead(database, milliseconds):
    """Leave what a clock that was ahead would have left."""
    times = ("at", "visible_at", "delayed_until")
    with closing(sqlite3.connect(database)) as connection:
        for number, delivery in connection.execute("SELECT id, delivery FROM messages").fetchall():
            facts = json.loads(delivery)
            facts |= {name: facts[name] + milliseconds for name in times if facts[name]}
            connection.execute("UPDATE messages SET delivery = ? WHERE id = ?", (json.dumps(facts), number))
        connection.commit()
