"""What lies in the embedded AWS, read behind the API's back and without a call that anything could see."""

import gzip
import json
from collections.abc import Iterator
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import s3_backends
from moto.sqs.models import sqs_backends

from chalicelib.analyses.states import State
from chalicelib.settings import settings
from infra.local.aws.account import ACCOUNT_ID, REGION


def states() -> Iterator[tuple[int, State]]:
    """Give id and state of every run."""
    for item in items("analyses"):
        if item["sk"] == "run":
            yield int(item["analysis_id"]), State(item["status"])


def items(table: str) -> list[dict[str, Any]]:
    """Return the items of a table, each attribute as the text of its value."""
    return [{name: value for name, typed in item.items() for value in typed.values()} for item in raw_items(table)]


def waiting_items() -> list[dict[str, Any]]:
    """Return what is still due."""
    return [item for item in items("analyses") if "due" in item]


def raw_items(table: str) -> list[dict[str, Any]]:
    """Return the items of a table as DynamoDB's JSON."""
    stored = dynamodb_backends[ACCOUNT_ID][REGION].tables[settings().table(table)]
    return [item.to_json()["Attributes"] for item in list(stored.all_items())]


def keys(prefix: str = "") -> list[str]:
    """Return the keys of the objects below a prefix."""
    bucket = s3_backends[ACCOUNT_ID]["aws"].buckets[settings().bucket]
    return sorted(key for key, _ in bucket.keys.items() if key.startswith(prefix))


def document(key: str) -> dict[str, Any]:
    """Read a stored document."""
    return json.loads(gzip.decompress(s3_backends[ACCOUNT_ID]["aws"].buckets[settings().bucket].keys[key].value))


def receive(queue: str) -> list[dict[str, Any]]:
    """Take every visible message of a queue, as Lambda's event source hands it to a function."""
    backend, messages = sqs_backends[ACCOUNT_ID][REGION], []
    visibility = int(backend.queues[queue].visibility_timeout)
    while page := backend.receive_message(queue, 10, 0, visibility):
        messages += page
    return [
        {
            "messageId": message.id,
            "receiptHandle": message.receipt_handle,
            "body": message.body,
            "attributes": {"ApproximateReceiveCount": str(message.approximate_receive_count)},
            "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{queue}",
        }
        for message in messages
    ]


def delete(queue: str, receipt_handle: str) -> None:
    """Remove a message."""
    sqs_backends[ACCOUNT_ID][REGION].queues[queue].delete_message(receipt_handle)


def arrivals(queue: str) -> list[float]:
    """Say when each message of a queue is to be delivered, in milliseconds of Unix time."""
    messages = list(sqs_backends[ACCOUNT_ID][REGION].queues[queue]._messages)
    return [max(message.visible_at, message.delayed_until) for message in messages]
