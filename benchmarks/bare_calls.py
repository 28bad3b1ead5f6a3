"""The same number and kind of AWS calls without our code: what the rows of the local stack are compared with."""

import json
import time
import uuid
from typing import Any

import botocore.session

from infra.local.aws.account import CREDENTIALS, REGION


class BareCalls:
    """Calls of plain botocore to the embedded AWS of a stack.

    Parameters
    ----------
    endpoint : str
        Where that AWS is reached.
    prefix : str
        First part of the names of its resources.
    """

    def __init__(self, endpoint: str, prefix: str = "siderostat") -> None:
        session = botocore.session.get_session()
        session.set_credentials(CREDENTIALS["AWS_ACCESS_KEY_ID"], CREDENTIALS["AWS_SECRET_ACCESS_KEY"])

        def client(service: str) -> Any:  # noqa: ANN401 - botocore makes its classes at run time
            return session.create_client(service, region_name=REGION, endpoint_url=endpoint)

        self._dynamodb, self._sqs, self._s3 = client("dynamodb"), client("sqs"), client("s3")
        self._s3.create_bucket(Bucket="bare")
        self._table = f"{prefix}-analyses"
        self._queue = self._sqs.create_queue(QueueName="bare")["QueueUrl"]

    def start(self) -> None:
        """Read two items, write three, send a message: as a start does."""
        number = uuid.uuid4().int >> 80
        items = [self._item(number, name) for name in ("a", "b", "c")]
        self._read(number)
        self._dynamodb.transact_write_items(
            TransactItems=[{"Put": {"TableName": self._table, "Item": item}} for item in items]
        )
        self._sqs.send_message(QueueUrl=self._queue, MessageBody="{}")

    def read(self) -> None:
        """Read an item, then two together: as reading a run does."""
        self._dynamodb.get_item(TableName=self._table, Key=self._item(1, "a", bare=True), ConsistentRead=True)
        self._read(1)

    def store(self, content: bytes) -> None:
        """Read an item, put an object, write two items, send a message: as a webhook does."""
        self._dynamodb.get_item(TableName=self._table, Key=self._item(1, "a", bare=True), ConsistentRead=True)
        self._s3.put_object(Bucket="bare", Key="key", Body=content)
        items = [self._item(2, name) for name in ("a", "b")]
        self._dynamodb.transact_write_items(
            TransactItems=[{"Put": {"TableName": self._table, "Item": item}} for item in items]
        )
        self._sqs.send_message(QueueUrl=self._queue, MessageBody="{}")

    def points(self, table: str, obj_id: str) -> str:
        """Read a partition of a table, page by page, and write it as JSON."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="obj_id = :o AND begins_with(sk, :p)",
            ExpressionAttributeValues={":o": {"S": obj_id}, ":p": {"S": "photometry#"}},
            ConsistentRead=True,
        )
        return json.dumps([item for page in pages for item in page["Items"]])

    def get(self) -> None:
        """Read an object."""
        json.loads(self._s3.get_object(Bucket="bare", Key="key")["Body"].read() or b"{}")

    def _read(self, number: int) -> None:
        keys = [{"TableName": self._table, "Key": self._item(number, name, bare=True)} for name in ("a", "b")]
        self._dynamodb.transact_get_items(TransactItems=[{"Get": key} for key in keys])

    @staticmethod
    def _item(number: int, name: str, *, bare: bool = False) -> dict[str, Any]:
        key = {"analysis_id": {"N": str(number)}, "sk": {"S": name}}
        return key if bare else {**key, "text": {"S": "x" * 300}}


def seconds(operation: Any) -> float:  # noqa: ANN401 - anything that can be called
    """Return how long an operation takes."""
    begun = time.perf_counter()
    operation()
    return time.perf_counter() - begun
