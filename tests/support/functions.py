"""The functions behind queues and clock, called as Lambda calls them and watched under their own policies."""

import os
from functools import cache
from typing import Any

from moto.sqs.models import sqs_backends

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.worker.event_sources import Consumer, Scheduled, consumers, schedules
from tests.support.permissions import acting_as

_ROUNDS = 20


@cache
def _consumers() -> list[Consumer]:
    from app import app

    return consumers(app, os.environ["SIDEROSTAT_PREFIX"], most=1)


@cache
def _scheduled() -> list[Scheduled]:
    from app import app

    return schedules(app, at_most=60)


def work_off() -> list[str]:
    """Deliver every message, delayed or not, and those that this sends, until there are none; return their texts."""
    seen: list[str] = []
    for _ in range(_ROUNDS):
        found = [(consumer, body) for consumer in _consumers() for body in _taken(consumer.queue)]
        if not found:
            return seen
        for consumer, body in found:
            deliver(consumer, body)
            seen.append(body)
    raise AssertionError(f"the queues do not run dry: {seen[-3:]}")


def deliver(consumer: Consumer, body: str, receives: int = 1) -> None:
    """Invoke a queue's function with one message."""
    record = {
        "messageId": "m",
        "receiptHandle": "r",
        "body": body,
        "attributes": {"ApproximateReceiveCount": str(receives)},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:{consumer.queue}",
        "awsRegion": REGION,
    }
    with acting_as(consumer.function.name):
        consumer.function({"Records": [record]})


def consumer_of(function: str) -> Consumer:
    """Return the consumer whose function has this name."""
    [found] = [consumer for consumer in _consumers() if consumer.function.name == function]
    return found


def tick() -> None:
    """Invoke what the clock invokes, once."""
    event: dict[str, Any] = {
        "version": "0",
        "id": "e",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": ACCOUNT_ID,
        "time": "2026-11-22T00:00:00Z",
        "region": REGION,
        "resources": [],
        "detail": {},
    }
    for scheduled in _scheduled():
        with acting_as(scheduled.function.name):
            scheduled.function(event)


def _taken(queue: str) -> list[str]:
    """Take all messages out of a queue, also those whose time has not come."""
    stored = sqs_backends[ACCOUNT_ID][REGION].queues[queue]
    bodies = [message.body for message in stored._messages]
    stored._messages.clear()
    return bodies


def queues_of_functions() -> set[str]:
    """Return the queues that feed functions, without the site's prefix."""
    prefix = os.environ["SIDEROSTAT_PREFIX"] + "-"
    return {consumer.queue.removeprefix(prefix) for consumer in _consumers()}
