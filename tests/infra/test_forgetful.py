"""The embedded AWS takes memory for what it stores, not for what it has stored."""

import gc
from collections import Counter

import boto3
import pytest
from moto.dynamodb.models.dynamo_type import Item
from moto.s3.models import FakeKey, s3_backends
from moto.sqs.models import Message, sqs_backends

from chalicelib.settings import settings
from infra.local.aws import forgetful
from infra.local.aws.account import ACCOUNT_ID, REGION

TABLE = "siderostat-test-analyses"


@pytest.fixture
def one_round(stack):
    """Write, change and remove an item, an object and a message."""
    stack.empty()
    dynamodb, s3, sqs = boto3.client("dynamodb"), boto3.client("s3"), boto3.client("sqs")
    url = sqs.get_queue_url(QueueName=settings().queue("cleanup"))["QueueUrl"]
    key = {"analysis_id": {"N": "1"}, "sk": {"S": "run"}}

    def act():
        for text in "ab":
            dynamodb.put_item(TableName=TABLE, Item={**key, "text": {"S": text}})
            s3.put_object(Bucket=settings().bucket, Key="key", Body=text.encode())
        dynamodb.update_item(
            TableName=TABLE,
            Key=key,
            UpdateExpression="SET #t = :t",
            ExpressionAttributeNames={"#t": "text"},
            ExpressionAttributeValues={":t": {"S": "c"}},
        )
        change = {
            "TableName": TABLE,
            "Key": key,
            "UpdateExpression": "REMOVE #t",
            "ExpressionAttributeNames": {"#t": "text"},
        }
        dynamodb.transact_write_items(TransactItems=[{"Update": change}])
        s3.delete_object(Bucket=settings().bucket, Key="key")
        sqs.send_message(QueueUrl=url, MessageBody="text")
        [message] = sqs.receive_message(QueueUrl=url)["Messages"]
        sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])

    return act


def there():
    gc.collect()
    return Counter(type(one) for one in gc.get_objects() if isinstance(one, Item | Message | FakeKey))


def test_what_was_replaced_and_removed_is_forgotten(one_round):
    one_round()
    before = there()
    for _ in range(20):
        one_round()
    assert there() == before


def test_receipts_of_deleted_messages_do_not_pile_up(one_round, stack, monkeypatch):
    monkeypatch.setattr(forgetful, "_MOST_DELETED", 5)
    for _ in range(20):
        one_round()
    assert len(sqs_backends[ACCOUNT_ID][REGION].queues[settings().queue("cleanup")].deleted_messages) <= 6


def test_an_object_without_tags_is_not_noted_among_those_that_have_some(stack):
    s3, tags = boto3.client("s3"), s3_backends[ACCOUNT_ID]["aws"].tagger.tags
    before = len(tags)
    for number in range(3):
        s3.put_object(Bucket=settings().bucket, Key=f"plain/{number}", Body=b"x")
        s3.copy_object(Bucket=settings().bucket, Key=f"copy/{number}", CopySource=f"{settings().bucket}/plain/{number}")
    assert len(tags) == before
    s3.put_object(Bucket=settings().bucket, Key="tagged", Body=b"x", Tagging="a=1")
    assert s3.get_object_tagging(Bucket=settings().bucket, Key="tagged")["TagSet"] == [{"Key": "a", "Value": "1"}]
    assert s3.get_object_tagging(Bucket=settings().bucket, Key="plain/0")["TagSet"] == []
