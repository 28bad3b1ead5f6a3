"""What is answered straight from moto's operations is answered as on the long way through its application."""

import pickle

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from chalicelib import clients
from infra.local.aws import straight
from tests.support import stores
from tests.support.dynamodb_requests import SCHEMA, TABLE, key, requests

STORED = {**key(), "x": {"S": "stored"}, "bytes": {"B": b"\x00\xff"}, "set": {"BS": [b"a"]}, "B": {"N": "1"}}
REQUESTS = [request for request in requests() if len(pickle.dumps(request.arguments)) < 5_000]
"""Of those at the limits of sizes one way is enough, which test_dynamodb_limits.py walks."""
NOT_COMPARED = {"ResponseMetadata", "ConsumedCapacity", "ConsumedCapacityUnits"}
"""The last is unknown to DynamoDB, and to clients that read by its model: moto says it of a deletion."""


@pytest.fixture(scope="module")
def dynamodb(stack):
    """The product's client, which takes answers as they stand, and a table."""
    client = clients.client("dynamodb")
    client.create_table(**SCHEMA)
    yield client
    client.delete_table(TableName=TABLE)


@pytest.fixture
def queue(stack):
    stack.empty()
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="straight")["QueueUrl"]
    yield sqs, url
    sqs.delete_queue(QueueUrl=url)


def both_ways(monkeypatch, ask, prepare=lambda: None):
    """Return what is answered straight, and then on the long way, each after the same preparation."""
    prepare()
    straightly = ask()
    prepare()
    with monkeypatch.context() as patched:
        patched.setattr(straight, "_is_usual", lambda *_: False)
        return straightly, ask()


def answered(send):
    try:
        answer = send()
    except ClientError as error:
        return error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"], kept(error.response)
    return answer["ResponseMetadata"]["HTTPStatusCode"], kept(answer)


def kept(answer):
    return {name: value for name, value in answer.items() if name not in NOT_COMPARED}


def contents(dynamodb):
    pages = dynamodb.get_paginator("scan").paginate(TableName=TABLE)
    return sorted((item for page in pages for item in page["Items"]), key=repr)


@pytest.mark.parametrize("part", range(8))
def test_dynamodb_answers_and_stores_the_same(dynamodb, monkeypatch, part):
    def prepare():
        stores.empty_table(TABLE)
        dynamodb.put_item(TableName=TABLE, Item=STORED)

    def ask(request):
        return answered(lambda: request.send(dynamodb)), contents(dynamodb)

    for request in REQUESTS[part::8]:
        straightly, longer = both_ways(monkeypatch, lambda request=request: ask(request), prepare)
        assert straightly == longer, request.name


def test_there_are_requests_of_each_kind_that_succeed_and_fail(dynamodb):
    kinds = {(request.operation, request.accepted) for request in REQUESTS}
    operations = ["put_item", "update_item", "delete_item", "query", "get_item", "batch_get_item", "batch_write_item"]
    assert {(name, outcome) for name in operations for outcome in (True, False)} <= kinds
    assert {("transact_get_items", True), ("transact_write_items", False)} <= kinds


def test_a_failed_condition_says_the_same_of_the_item(dynamodb, monkeypatch):
    dynamodb.put_item(TableName=TABLE, Item=STORED)
    condition = {"ConditionExpression": "x = :v", "ExpressionAttributeValues": {":v": {"S": "other"}}}
    shown = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
    put = {"TableName": TABLE, "Item": key(), **condition, **shown}

    for send in (
        lambda: dynamodb.put_item(**put),
        lambda: dynamodb.transact_write_items(TransactItems=[{"Put": put}]),
    ):
        straightly, longer = both_ways(monkeypatch, lambda send=send: answered(send))
        assert straightly == longer
        assert straightly[0] == 400


@pytest.mark.parametrize("values", ["NONE", "ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"])
def test_an_update_returns_the_same_values(dynamodb, monkeypatch, values):
    def update():
        dynamodb.put_item(TableName=TABLE, Item=STORED)
        return dynamodb.update_item(
            TableName=TABLE,
            Key=key(),
            UpdateExpression="SET x = :v REMOVE #b",
            ExpressionAttributeValues={":v": {"B": b"\x80"}},
            ExpressionAttributeNames={"#b": "B"},
            ReturnValues=values,
        )

    straightly, longer = both_ways(monkeypatch, lambda: answered(update))
    assert straightly == longer


def test_messages_are_the_same(queue, monkeypatch):
    sqs, url = queue
    attributes = {"a": {"DataType": "Binary", "BinaryValue": b"\xff"}, "b": {"DataType": "String", "StringValue": "é"}}

    def ask():
        sent = sqs.send_message(QueueUrl=url, MessageBody="{}", MessageAttributes=attributes, DelaySeconds=0)
        [found] = sqs.receive_message(
            QueueUrl=url, MessageSystemAttributeNames=["All"], MessageAttributeNames=["All"], WaitTimeSeconds=1
        )["Messages"]
        deleted = sqs.delete_message(QueueUrl=url, ReceiptHandle=found["ReceiptHandle"])
        none = sqs.receive_message(QueueUrl=url)
        for name in ("MessageId", "ReceiptHandle"):
            assert found.pop(name)
        for name in ("ApproximateFirstReceiveTimestamp", "SentTimestamp"):
            assert found["Attributes"].pop(name).isdecimal()
        assert sent.pop("MessageId")
        return [kept(one) for one in (sent, found, deleted, none)]

    straightly, longer = both_ways(monkeypatch, ask)
    assert straightly == longer


@pytest.mark.parametrize("name", ["straight", "none", "", "not a name"])
def test_a_queue_is_found_at_the_same_url(queue, monkeypatch, name):
    sqs, url = queue
    straightly, longer = both_ways(monkeypatch, lambda: answered(lambda: sqs.get_queue_url(QueueName=name)))
    assert straightly == longer
    assert (straightly[-1] == {"QueueUrl": url}) is (name == "straight")


@pytest.mark.parametrize(
    "arguments",
    [
        {"SecretId": "straight"},
        {"SecretId": "straight", "VersionStage": "AWSCURRENT"},
        {"SecretId": "straight", "VersionStage": "AWSPREVIOUS"},
        {"SecretId": "straight", "VersionId": "00000000-0000-4000-8000-000000000000"},
        {"SecretId": "none"},
    ],
    ids=repr,
)
def test_secrets_are_the_same(stack, monkeypatch, arguments):
    config = Config(parameter_validation=False, retries={"total_max_attempts": 1})
    manager = boto3.client("secretsmanager", config=config)
    manager.create_secret(Name="straight", SecretString="é")
    try:
        straightly, longer = both_ways(monkeypatch, lambda: answered(lambda: manager.get_secret_value(**arguments)))
    finally:
        manager.delete_secret(SecretId="straight", ForceDeleteWithoutRecovery=True)
    assert straightly == longer


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("send_message", {"MessageBody": ""}),
        ("send_message", {"MessageBody": "x" * 2_000_000}),
        ("send_message", {"MessageBody": "x", "QueueUrl": "http://127.0.0.1/123456789012/none"}),
        ("receive_message", {"MaxNumberOfMessages": 11}),
        ("delete_message", {"ReceiptHandle": "none"}),
        ("send_message_batch", {"Entries": []}),
        ("delete_message_batch", {"Entries": [{"Id": "1", "ReceiptHandle": "none"}]}),
    ],
)
def test_queues_refuse_the_same(queue, monkeypatch, operation, arguments):
    sqs, url = queue
    send = getattr(sqs, operation)
    straightly, longer = both_ways(monkeypatch, lambda: answered(lambda: send(**{"QueueUrl": url, **arguments})))
    assert straightly == longer
