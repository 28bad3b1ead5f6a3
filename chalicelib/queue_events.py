"""What functions behind queues and clock have in common: each message for itself, logged under the request's own id."""

import json
import time
from collections.abc import Callable
from typing import Any

from chalice.app import BaseLambdaEvent, Blueprint, SQSEvent

from chalicelib import clients
from chalicelib.aws import receives_of
from chalicelib.collector import kept_for_good
from chalicelib.http import logs
from chalicelib.http.logs import LOGGER
from chalicelib.settings import settings

Work = Callable[[dict[str, Any], int], None]
"""Gets a message, and how often SQS has handed it out."""

Answer = dict[str, list[dict[str, str]]]

Tick = Callable[[Any, Any], Any]

_PARTS = ("messageId", "body", "eventSourceARN")
_OF_THE_CLOCK = dict.fromkeys(
    ("version", "account", "region", "detail", "detail-type", "source", "time", "id", "resources")
)
"""What Chalice expects of EventBridge's events."""


class MalformedEvent(Exception):
    """What a function was called with is not what its queue or clock sends; the message says what is missing."""


def begin(module: str) -> Blueprint:
    """Begin functions behind queues and clock, and return the blueprint of their module.

    Chalice deploys them with that module as entry point: what app.py does when the API's function begins is done here.
    """
    logs.configure()
    if settings().lambda_name:
        with kept_for_good():
            clients.prepare()  # while a function begins nobody waits for it
    return Blueprint(module)


def each_message(event: SQSEvent, work: Work) -> Answer:
    """Work on the messages of an event one by one, and return which of them SQS is to hand out again.

    Raises
    ------
    MalformedEvent
        This is no event of a queue.
    Exception
        What the work on the first message raised, if it failed for all of them: Lambda then counts an error.
    """
    failed: list[dict[str, str]] = []
    raised: list[Exception] = []
    records = _records(event.to_dict())
    for record in records:
        try:
            _work_on(event, record, work)
        except Exception as error:  # noqa: BLE001 - whatever it is, the other messages are no worse for it
            failed.append({"itemIdentifier": record["messageId"]})
            raised.append(error)
            if len(records) > 1:
                LOGGER.warning(
                    "one of several messages failed", exc_info=True, extra={"message_id": record["messageId"]}
                )
    if raised and len(raised) == len(records):
        raise raised[0]
    return {"batchItemFailures": failed}


def _records(event: object) -> list[dict[str, Any]]:
    records = event.get("Records") if isinstance(event, dict) else None
    if not isinstance(records, list) or not all(
        isinstance(record, dict) and all(isinstance(record.get(part), str) for part in _PARTS) for record in records
    ):
        raise MalformedEvent(f"This is no event of a queue: it has `Records`, each with {', '.join(_PARTS)} as texts.")
    return records


def by_whomever(clock: Tick) -> Tick:
    """Let a function of the clock be called by hand, too, with any event: nothing of it is read."""

    def called(event: Any, context: Any) -> Any:  # noqa: ANN401 - whatever Lambda is called with
        return clock({**_OF_THE_CLOCK, **(event if isinstance(event, dict) else {})}, context)

    return called


def tick(event: BaseLambdaEvent, work: Callable[[], None]) -> None:
    """Do what the clock asks for."""
    with logs.request(_request_id(event)):
        started = time.monotonic()
        work()
        LOGGER.info("tick", extra={"milliseconds": _milliseconds_since(started)})


def _work_on(event: SQSEvent, record: dict[str, Any], work: Work) -> None:
    started = time.monotonic()
    with logs.request(_request_id(event)):
        outcome = "failed"
        try:
            message = json.loads(record["body"])
            if not isinstance(message, dict):
                raise MalformedEvent("This message is no JSON object.")
            logs.run.set(message.get("run"))
            work(message, receives_of(record))
            outcome = "done"
        finally:
            LOGGER.info(
                "message",
                extra={
                    "queue": record["eventSourceARN"].rpartition(":")[2],
                    "message_id": record["messageId"],
                    "receives": receives_of(record),
                    "outcome": outcome,
                    "milliseconds": _milliseconds_since(started),
                },
            )


def _milliseconds_since(started: float) -> int:
    return round(1000 * (time.monotonic() - started))


def _request_id(event: BaseLambdaEvent) -> str:
    return getattr(event.context, "aws_request_id", None) or "-"
