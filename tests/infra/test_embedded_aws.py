import threading
from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

THREADS = 32


@pytest.fixture
def dynamodb(stack):
    return boto3.client("dynamodb")


@pytest.fixture
def queue(stack):
    """A queue of its own."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="infra-test", Attributes={"VisibilityTimeout": "60"})["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def at_once(act):
    """Call `act` with 0, 1, … on as many threads, all released at the same moment."""
    barrier = threading.Barrier(THREADS)

    def run(number):
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(run, range(THREADS)))


def test_of_simultaneous_conditional_writes_exactly_one_wins(dynamodb):
    def put(number, key):
        try:
            dynamodb.put_item(
                TableName="siderostat-test-registry",
                Item={"pk": {"S": key}, "sk": {"S": "only"}, "winner": {"N": str(number)}},
                ConditionExpression="attribute_not_exists(pk)",
            )
        except dynamodb.exceptions.ConditionalCheckFailedException:
            return False
        return True

    for attempt in range(10):
        key = f"contended-{attempt}"
        won = at_once(lambda number, key=key: put(number, key))
        item = dynamodb.get_item(
            TableName="siderostat-test-registry", Key={"pk": {"S": key}, "sk": {"S": "only"}}, ConsistentRead=True
        )["Item"]

        assert won.count(True) == 1
        assert int(item["winner"]["N"]) == won.index(True)


def test_simultaneous_additions_all_count(dynamodb):
    def add(_number):
        dynamodb.update_item(
            TableName="siderostat-test-registry",
            Key={"pk": {"S": "infra-counter"}, "sk": {"S": "only"}},
            UpdateExpression="ADD tally :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )

    at_once(add)

    item = dynamodb.get_item(
        TableName="siderostat-test-registry", Key={"pk": {"S": "infra-counter"}, "sk": {"S": "only"}}
    )["Item"]
    assert item["tally"]["N"] == str(THREADS)


def test_no_message_is_lost_or_delivered_twice_while_others_are_sent_received_and_deleted(queue):
    sqs = boto3.client("sqs")
    seen = []

    def work(number):
        sqs.send_message(QueueUrl=queue, MessageBody=str(number))
        for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=1).get(
            "Messages", []
        ):
            seen.append(message["Body"])
            sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])

    at_once(work)
    while left := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        seen.extend(message["Body"] for message in left)

    assert sorted(seen, key=int) == [str(number) for number in range(THREADS)]


def test_a_waiting_receiver_does_not_keep_senders_out(queue):
    sqs = boto3.client("sqs")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(sqs.receive_message, QueueUrl=queue, WaitTimeSeconds=5)
        sqs.send_message(QueueUrl=queue, MessageBody="here")

        assert waiting.result(timeout=4)["Messages"][0]["Body"] == "here"


def test_a_queue_counts_what_is_there_what_waits_and_what_is_being_worked_on(queue):
    sqs = boto3.client("sqs")
    for text, delay in (("now", 0), ("too", 0), ("later", 60)):
        sqs.send_message(QueueUrl=queue, MessageBody=text, DelaySeconds=delay)
    [taken] = sqs.receive_message(QueueUrl=queue)["Messages"]
    found = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"]
    assert taken["Body"] in {"now", "too"}
    assert {name: found[f"ApproximateNumberOfMessages{name}"] for name in ("", "Delayed", "NotVisible")} == {
        "": "1",
        "Delayed": "1",
        "NotVisible": "1",
    }
