"""AWS clients, made on first use and once per process."""

import json
import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from chalicelib.settings import settings

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=3,
    read_timeout=29,
    max_pool_connections=32,
    signature_version="s3v4",
)
_making = threading.Lock()


@cache
def _client(service: str) -> Any:  # noqa: ANN401 - boto3 makes its classes at run time
    with _making:  # boto3 does not make clients safely in two threads at once
        config = _CONFIG if service == "s3" else _CONFIG.merge(Config(signature_version=None))
        return boto3.client(service, config=config)  # type: ignore[call-overload]


def s3() -> "S3Client":
    """Products, inputs and receipts."""
    client: S3Client = _client("s3")
    return client


def sqs() -> "SQSClient":
    """Queues between the steps of an analysis."""
    client: SQSClient = _client("sqs")
    return client


def kms() -> "KMSClient":
    """Encryption of credentials."""
    client: KMSClient = _client("kms")
    return client


def secrets_manager() -> "SecretsManagerClient":
    """Secrets Manager: the secret that signs webhook tokens."""
    client: SecretsManagerClient = _client("secretsmanager")
    return client


def functions() -> "LambdaClient":
    """Invocation of the isolated products function."""
    client: LambdaClient = _client("lambda")
    return client


@cache
def _queue_url(name: str) -> str:
    return sqs().get_queue_url(QueueName=settings().queue(name))["QueueUrl"]


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


def forget_clients() -> None:
    """Drop what is remembered: for tests that change the endpoint."""
    _client.cache_clear()
    _queue_url.cache_clear()
