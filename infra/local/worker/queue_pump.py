"""Feeds the messages of a queue to its function, as Lambda's event source mapping does."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.http.logs import LOGGER
from infra.local.worker.event_sources import Consumer

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_POLL_SECONDS = 1
"""Short, so that no poll is cut off with a message in it when the stack ends."""
_RETRY_SECONDS = 1.0
_MOST_AT_ONCE = 10
"""SQS hands out no more in one answer."""


class QueuePump:
    """Polls on a thread of its own and invokes on others; what fails stays in the queue, for visibility and redrive.

    Parameters
    ----------
    consumer : Consumer
        Queue, function, batch size and concurrency.
    region, account_id : str
        For the queue's ARN in the events.
    """

    def __init__(self, consumer: Consumer, region: str, account_id: str) -> None:
        self._consumer = consumer
        self._arn = f"arn:aws:sqs:{region}:{account_id}:{consumer.queue}"
        self._region = region
        self._url = ""
        self._ending = threading.Event()
        self._free = threading.Semaphore(consumer.concurrency)
        self._threads = ThreadPoolExecutor(consumer.concurrency, thread_name_prefix=consumer.function.name)
        self._poller = threading.Thread(target=self._poll, name=f"poll-{consumer.queue}", daemon=True)
        self._poller.start()

    def stop(self) -> None:
        """Take no more messages and wait for those that are being worked on."""
        self._ending.set()
        self._poller.join()
        self._threads.shutdown(wait=True)

    def _poll(self) -> None:
        while not self._ending.is_set():
            if not self._free.acquire(timeout=_POLL_SECONDS):
                continue
            places = 1 + self._more_places()
            messages = self._receive(places * self._consumer.batch_size)
            size = self._consumer.batch_size
            batches = [messages[first : first + size] for first in range(0, len(messages), size)]
            for batch in batches:
                self._threads.submit(self._deliver, batch)
            if places > len(batches):
                self._free.release(places - len(batches))

    def _more_places(self) -> int:
        """Take the places that are free, for as many batches as one request can bring."""
        most, taken = _MOST_AT_ONCE // self._consumer.batch_size, 0
        while taken + 1 < most and self._free.acquire(blocking=False):
            taken += 1
        return taken

    def _receive(self, most: int) -> "list[MessageTypeDef]":
        try:
            self._url = self._url or aws.sqs().get_queue_url(QueueName=self._consumer.queue)["QueueUrl"]
            return (
                aws.sqs()
                .receive_message(
                    QueueUrl=self._url,
                    MaxNumberOfMessages=min(most, _MOST_AT_ONCE),
                    WaitTimeSeconds=_POLL_SECONDS,
                    MessageSystemAttributeNames=["All"],
                    MessageAttributeNames=["All"],
                )
                .get("Messages", [])
            )
        except (BotoCoreError, ClientError):
            LOGGER.exception("a queue could not be read, and is read again", extra={"queue": self._consumer.queue})
            self._ending.wait(_RETRY_SECONDS)
            return []

    def _deliver(self, messages: "Sequence[MessageTypeDef]") -> None:
        try:
            result = self._consumer.function(self._event(messages))
            self._delete(messages, _failed(result))
        except Exception:  # noqa: BLE001 - whatever it was, the message comes again
            LOGGER.exception(
                "a function failed, and gets its messages again", extra={"function": self._consumer.function.name}
            )
        finally:
            self._free.release()

    def _delete(self, messages: "Sequence[MessageTypeDef]", failed: set[str]) -> None:
        for message in messages:
            if message["MessageId"] not in failed:
                with suppress(aws.sqs().exceptions.ReceiptHandleIsInvalid):  # it took too long, and comes again
                    aws.sqs().delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])

    def _event(self, messages: "Sequence[MessageTypeDef]") -> dict[str, Any]:
        return {
            "Records": [
                {
                    "messageId": message["MessageId"],
                    "receiptHandle": message["ReceiptHandle"],
                    "body": message["Body"],
                    "attributes": message.get("Attributes", {}),
                    "messageAttributes": message.get("MessageAttributes", {}),
                    "md5OfBody": message["MD5OfBody"],
                    "eventSource": "aws:sqs",
                    "eventSourceARN": self._arn,
                    "awsRegion": self._region,
                }
                for message in messages
            ]
        }


def _failed(result: object) -> set[str]:
    """Return the ids of messages that a function reported as failed."""
    if not isinstance(result, dict):
        return set()
    return {item["itemIdentifier"] for item in result.get("batchItemFailures", [])}
