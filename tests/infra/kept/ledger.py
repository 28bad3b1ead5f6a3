"""A book, kept outside, of what an AWS has answered to eight clients, and a comparison with what it holds."""

import hashlib
import threading
import uuid
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

CLIENTS = 8
TABLE, BUCKET, QUEUE = "ledger", "ledger", "ledger"
HIDDEN_SECONDS = 1


def create(aws):
    aws.client("dynamodb").create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "group")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by_group",
                "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    aws.client("s3").create_bucket(Bucket=BUCKET)
    aws.client("sqs").create_queue(QueueName=QUEUE)


@dataclass
class Ledger:
    """What was answered; what was asked without an answer may be there or not."""

    pairs: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    unanswered_counts: dict[str, int] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    objects: dict[str, str] = field(default_factory=dict)
    removed_objects: set[str] = field(default_factory=set)
    sent: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)
    unanswered_deletions: set[str] = field(default_factory=set)

    def copy(self):
        """Return what has been answered so far; of removals, which go on, nothing is known."""
        return Ledger(set(self.pairs), dict(self.counts), {}, set(), dict(self.objects))

    @property
    def answers(self):
        return len(self.pairs) + len(self.objects) + len(self.sent) + sum(self.counts.values())


class Load:
    """Eight clients that write until `stop`; a context manager around a kill."""

    def __init__(self, aws, ledger):
        self._aws, self._ledger = aws, ledger
        self._ending = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(f"client-{one}",)) for one in range(CLIENTS)]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self._ending.set()
        for thread in self._threads:
            thread.join()

    def _run(self, name):
        clients = {kind: self._aws.client(kind) for kind in ("dynamodb", "s3", "sqs")}
        steps = (self._pair, self._count, self._object, self._message, self._receive, self._remove)
        number = 0
        while not self._ending.is_set():
            number += 1
            try:
                steps[number % len(steps)](clients, name)
            except (BotoCoreError, ClientError):
                self._ending.wait(0.05)

    def _pair(self, clients, name):
        one = uuid.uuid4().hex
        puts = [{"Put": {"TableName": TABLE, "Item": _item(one, sk, name)}} for sk in ("a", "b")]
        clients["dynamodb"].transact_write_items(TransactItems=puts)
        self._ledger.pairs.add(one)

    def _count(self, clients, name):
        ledger = self._ledger
        ledger.unanswered_counts[name] = ledger.unanswered_counts.get(name, 0) + 1
        clients["dynamodb"].update_item(
            TableName=TABLE,
            Key={"pk": {"S": name}, "sk": {"S": "count"}},
            UpdateExpression="ADD n :one",
            ExpressionAttributeValues={":one": {"N": "1"}},
        )
        ledger.unanswered_counts[name] -= 1
        ledger.counts[name] = ledger.counts.get(name, 0) + 1

    def _remove(self, clients, name):
        one = uuid.uuid4().hex
        key = {"pk": {"S": one}, "sk": {"S": "a"}}
        clients["dynamodb"].put_item(TableName=TABLE, Item=_item(one, "a", name))
        clients["dynamodb"].delete_item(TableName=TABLE, Key=key)
        self._ledger.removed.add(one)

    def _object(self, clients, name):
        key, content = f"{name}/{uuid.uuid4().hex}", uuid.uuid4().bytes * 500
        clients["s3"].put_object(Bucket=BUCKET, Key=key, Body=content)
        self._ledger.objects[key] = hashlib.sha256(content).hexdigest()
        clients["s3"].put_object(Bucket=BUCKET, Key=f"{key}-gone", Body=content)
        clients["s3"].delete_object(Bucket=BUCKET, Key=f"{key}-gone")
        self._ledger.removed_objects.add(f"{key}-gone")

    def _message(self, clients, _name):
        body = uuid.uuid4().hex
        clients["sqs"].send_message(QueueUrl=_url(clients["sqs"]), MessageBody=body)
        self._ledger.sent.add(body)

    def _receive(self, clients, _name):
        for message in _receive(clients["sqs"], 1):
            self._ledger.unanswered_deletions.add(message["Body"])
            clients["sqs"].delete_message(QueueUrl=_url(clients["sqs"]), ReceiptHandle=message["ReceiptHandle"])
            self._ledger.deleted.add(message["Body"])


def compare(aws, ledger):
    """Assert that all that was answered is there, and nothing by halves."""
    items = _items(aws.client("dynamodb"))
    assert ledger.pairs <= {pk for pk, _ in items}
    assert [pk for pk, sk in items if sk == "b" and (pk, "a") not in items] == []
    assert [pk for pk in ledger.pairs if (pk, "b") not in items] == []
    assert [pk for pk in ledger.removed if (pk, "a") in items] == []
    assert _indexed(aws.client("dynamodb")) == {key for key in items if key[1] != "count"}
    for name, count in ledger.counts.items():
        assert 0 <= int(items[name, "count"]["n"]["N"]) - count <= ledger.unanswered_counts[name]

    objects = aws.client("s3")
    pages = objects.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
    listed = {one["Key"] for page in pages for one in page.get("Contents", [])}
    assert ledger.objects.keys() <= listed
    assert not ledger.removed_objects & listed
    for key, digest in ledger.objects.items():
        content = objects.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        assert hashlib.sha256(content).hexdigest() == digest

    held = _drained(aws.client("sqs"))
    assert ledger.sent - ledger.unanswered_deletions <= held.keys()
    assert not ledger.deleted & held.keys()
    assert max(held.values(), default=1) == 1, "a message is there twice"


def _item(one, sk, name):
    return {"pk": {"S": one}, "sk": {"S": sk}, "group": {"S": name}, "text": {"S": one * 20}}


def _items(dynamodb):
    pages = dynamodb.get_paginator("scan").paginate(TableName=TABLE)
    return {(item["pk"]["S"], item["sk"]["S"]): item for page in pages for item in page["Items"]}


def _indexed(dynamodb):
    found = set()
    for client in range(CLIENTS):
        pages = dynamodb.get_paginator("query").paginate(
            TableName=TABLE,
            IndexName="by_group",
            KeyConditionExpression="#group = :group",
            ExpressionAttributeNames={"#group": "group"},
            ExpressionAttributeValues={":group": {"S": f"client-{client}"}},
        )
        found |= {(item["pk"]["S"], item["sk"]["S"]) for page in pages for item in page["Items"]}
    return found


def _drained(sqs):
    """Take all messages there are, when those that somebody had received are visible again."""
    threading.Event().wait(HIDDEN_SECONDS + 0.5)
    bodies = {}
    while messages := _receive(sqs, 10, seconds=3600):
        for message in messages:
            bodies[message["Body"]] = bodies.get(message["Body"], 0) + 1
            sqs.change_message_visibility(
                QueueUrl=_url(sqs), ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=3600
            )
    for_later = sqs.get_queue_attributes(QueueUrl=_url(sqs), AttributeNames=["ApproximateNumberOfMessagesNotVisible"])
    assert int(for_later["Attributes"]["ApproximateNumberOfMessagesNotVisible"]) == len(bodies)
    return bodies


def _receive(sqs, count, seconds=HIDDEN_SECONDS):
    got = sqs.receive_message(QueueUrl=_url(sqs), MaxNumberOfMessages=count, VisibilityTimeout=seconds)
    return got.get("Messages", [])


def _url(sqs):
    return f"{sqs.meta.endpoint_url}/123456789012/{QUEUE}"
