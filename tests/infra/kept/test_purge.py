"""What is over goes by itself, at the start and every hour."""

import sqlite3
import time
from contextlib import closing

import pytest

from infra.local.aws.account import ACCOUNT_ID
from tests.infra.kept.aws_process import KeptAws

BUCKET = f"box-{ACCOUNT_ID}"
DAY = 86_400


@pytest.fixture
def aws(tmp_path):
    with KeptAws(tmp_path / "data", "box") as running:
        yield running


def put(aws, table, keys, expires):
    item = keys | ({} if expires is None else {"expires": {"N": str(int(expires))}})
    aws.client("dynamodb").put_item(TableName=table, Item=item)


def rows(aws, query):
    with closing(sqlite3.connect(aws.data / "siderostat.db")) as connection:
        found = [row[0] for row in connection.execute(query)]
        connection.commit()
        return found


def purged(aws):
    """Wait for the purge at the start, which removes what is over."""
    deadline = time.monotonic() + 30
    while "over" in rows(aws, "SELECT hash FROM items WHERE hash = x'6f766572'") or len(held(aws)) > 1:
        assert time.monotonic() < deadline
        time.sleep(0.2)


def held(aws):
    return aws.client("dynamodb").scan(TableName="box-registry")["Items"]


def test_items_objects_and_messages_that_are_over_are_removed(aws):
    now = time.time()
    for name, expires in (("over", now - 10), ("young", now + 3600)):
        put(aws, "box-registry", {"pk": {"S": name}, "sk": {"S": "1"}}, expires)
    indexed = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}, "service_id": {"N": "7"}}
    put(aws, "box-analyses", indexed, now - 10)
    put(aws, "box-sources", {"obj_id": {"S": "a"}, "sk": {"S": "source"}}, now - 10)  # a table without such a time
    s3, sqs = aws.client("s3"), aws.client("sqs")
    for key in ("answers/old", "answers/new", "products/old", "incoming/old"):
        s3.put_object(Bucket=BUCKET, Key=key, Body=b"content")
    url = sqs.create_queue(QueueName="short", Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="old")
    aws.kill()
    rows(aws, f"UPDATE objects SET modified = modified - {2 * DAY} WHERE key LIKE '%/old'")
    rows(aws, "UPDATE messages SET facts = json_set(facts, '$.sent_timestamp', 1000)")
    aws.start()
    sqs.send_message(QueueUrl=url, MessageBody="new")
    purged(aws)

    deadline = time.monotonic() + 20
    while rows(aws, "SELECT body FROM messages") != ["new"]:
        assert time.monotonic() < deadline
        time.sleep(0.2)
    assert [item["pk"]["S"] for item in held(aws)] == ["young"]
    assert aws.client("dynamodb").scan(TableName="box-analyses")["Items"] == []
    assert rows(aws, "SELECT 1 FROM entries") == []
    assert len(aws.client("dynamodb").scan(TableName="box-sources")["Items"]) == 1
    listed = [one["Key"] for one in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
    assert listed == ["answers/new", "incoming/old", "products/old"]
    assert len(list((aws.data / "objects").glob("*/????????????????????????????????"))) == 3
    assert sqs.receive_message(QueueUrl=url)["Messages"][0]["Body"] == "new"
