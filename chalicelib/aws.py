"""What we ask of AWS but for DynamoDB: S3, queues, keys, secrets and isolated functions."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib import clients
from chalicelib.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

_MOST_MESSAGES_AT_ONCE = 10


def s3() -> "S3Client":
    """Products, inputs and receipts."""
    client: S3Client = clients.client("s3")
    return client


def s3_for_others() -> "S3Client":
    """S3 as callers and services reach it: signs what is handed to them, and calls nothing."""
    client: S3Client = clients.client("s3", url=settings().bucket_url)
    return client


def sqs() -> "SQSClient":
    """Queues between the steps of an analysis."""
    client: SQSClient = clients.client("sqs")
    return client


def kms() -> "KMSClient":
    """Encryption of credentials."""
    client: KMSClient = clients.client("kms")
    return client


def secrets_manager() -> "SecretsManagerClient":
    """Secrets Manager: the secret that signs webhook tokens."""
    client: SecretsManagerClient = clients.client("secretsmanager")
    return client


def parameter_store() -> "SSMClient":
    """Parameter Store: secrets that the site may have or not."""
    client: SSMClient = clients.client("ssm")
    return client


def functions(seconds: float | None = None) -> "LambdaClient":
    """Invocation of the isolated functions; `seconds` is how long an answer is waited for, if not for long."""
    client: LambdaClient = clients.client("lambda", seconds)
    return client


class FunctionFailed(Exception):
    """An isolated function died, overran its limits or refused; the message is what it said, `kind` its exception."""

    def __init__(self, message: str, kind: str = "") -> None:
        super().__init__(message)
        self.kind = kind


def invoke(function: str, event: dict[str, Any], seconds: float | None = None) -> Any:  # noqa: ANN401 - any JSON value
    """Call an isolated function by its name, wait for its answer, at most `seconds` if given, and return it.

    Raises
    ------
    FunctionFailed
        It did not answer.
    botocore.exceptions.ReadTimeoutError
        It has not answered in time.
    """
    answer = functions(seconds).invoke(FunctionName=function, Payload=json.dumps(event).encode())
    payload = json.loads(answer["Payload"].read())
    if answer.get("FunctionError"):
        said = payload if isinstance(payload, dict) else {}
        message = str(said.get("errorMessage", f"the function {function} failed"))[:500]
        raise FunctionFailed(message, str(said.get("errorType", "")))
    return payload


def begin(function: str, event: dict[str, Any]) -> None:
    """Call an isolated function whose answer nobody waits for."""
    functions().invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())


@cache
def _queue_url(name: str) -> str:
    return sqs().get_queue_url(QueueName=settings().queue(name))["QueueUrl"]


def queue_arn(resource: str) -> dict[str, list[str]]:
    """Return the ARN of a queue of infra/resources.yaml as a template refers to it."""
    return {"Fn::GetAtt": [resource, "Arn"]}


def send(queue: str, message: dict[str, Any], *, delay_seconds: int = 0, group: str | None = None) -> None:
    """Send a JSON message to one of our queues.

    Parameters
    ----------
    queue : str
        Name of the queue without the site's prefix: "dispatch", "collect", …
    message : dict
        JSON values only.
    delay_seconds : int
        At most 900.
    group : str, optional
        Message group: SQS then shares the consumers fairly between groups.
    """
    grouped: dict[str, Any] = {} if group is None else {"MessageGroupId": group}
    sqs().send_message(
        QueueUrl=_queue_url(queue),
        MessageBody=json.dumps(message, separators=(",", ":")),
        DelaySeconds=delay_seconds,
        **grouped,
    )


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was received and not deleted yet."""

    id: str
    body: str
    receipt: str


def receives_of(record: Mapping[str, Any]) -> int:
    """Return how often SQS has handed out a message, from 1, by the record of its event."""
    return int(record.get("attributes", {}).get("ApproximateReceiveCount", 1))


def receive(queue: str) -> list[Message]:
    """Take up to ten messages that are there, without waiting for any; they come again unless they are deleted."""
    received = sqs().receive_message(QueueUrl=_queue_url(queue), MaxNumberOfMessages=_MOST_MESSAGES_AT_ONCE)
    return [Message(one["MessageId"], one["Body"], one["ReceiptHandle"]) for one in received.get("Messages", [])]


def delete_message(queue: str, message: Message) -> None:
    """Delete a message that was worked on."""
    sqs().delete_message(QueueUrl=_queue_url(queue), ReceiptHandle=message.receipt)


def send_all(queue: str, messages: Sequence[dict[str, Any]]) -> None:
    """Send JSON messages to one of our queues, ten at a time.

    Raises
    ------
    RuntimeError
        SQS did not take all of them; send them again.
    """
    for first in range(0, len(messages), _MOST_MESSAGES_AT_ONCE):
        part = messages[first : first + _MOST_MESSAGES_AT_ONCE]
        answer = sqs().send_message_batch(
            QueueUrl=_queue_url(queue),
            Entries=[
                {"Id": str(number), "MessageBody": json.dumps(message, separators=(",", ":"))}
                for number, message in enumerate(part)
            ],
        )
        if answer.get("Failed"):
            raise RuntimeError(f"SQS took all but {len(answer['Failed'])} messages for {queue}.")


def forget_clients() -> None:
    """Drop what is remembered: for tests that change the endpoint."""
    clients.forget()
    _queue_url.cache_clear()
