"""Queues and clock by hand: a test decides when a message is worked on."""

import json
from datetime import timedelta
from typing import Any

from moto.sqs.models import sqs_backends

from chalicelib import aws, clock
from chalicelib.analyses.handlers import on_dispatch_message
from chalicelib.analyses.results.collect import collect
from chalicelib.analyses.start import batch
from chalicelib.analyses.start.default_runs import on_event
from chalicelib.analyses.upkeep import cleanup, dead_letters
from chalicelib.analyses.upkeep.sweep import sweep
from chalicelib.events.handlers import on_event_message
from chalicelib.relay.handlers import on_relay_message
from chalicelib.settings import settings
from chalicelib.summaries.summarize import summarize
from chalicelib.summary_search.handlers import on_embed_message
from infra.local.aws.account import ACCOUNT_ID, REGION
from tests.support.permissions import acting_as

_REAL_NOW = clock.now


def take(queue: str) -> list[dict[str, Any]]:
    """Take all visible messages out of a queue, as an event source would before its function dies."""
    name = settings().queue(queue)
    if not sqs_backends[ACCOUNT_ID][REGION].queues[name].messages:
        return []  # most queues are empty most of the time, which SQS need not be asked
    url = aws.sqs().get_queue_url(QueueName=name)["QueueUrl"]
    bodies = []
    while messages := aws.sqs().receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            aws.sqs().delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def delayed(queue: str) -> list[dict[str, Any]]:
    """Take all messages out of a queue whose time has not come."""
    stored = sqs_backends[ACCOUNT_ID][REGION].queues[settings().queue(queue)]
    found = [message for message in stored._messages if message.delayed]
    for message in found:
        stored._messages.remove(message)
    return [json.loads(message.body) for message in found]


def drain() -> None:
    """Work on all visible messages, and on those that this sends, until there are none."""
    while any([_batch_all(), _dispatch_all(), _summarize_all(), _collect_all(), _cleanup_all()]):
        pass


def relay() -> None:
    """Forward what is to be forwarded: all messages that are there, also those whose time had not come."""
    messages = [*take("relay"), *delayed("relay")]
    with acting_as("relay"):
        for message in messages:
            on_relay_message(message)


def tell() -> None:
    """Work on what happened, and on the events that are to be sent, until none is to be sent now."""
    while messages := take("events"):
        with acting_as("events"):
            for message in messages:
                on_event_message(message)


def embed_all() -> None:
    """Work on summaries that changed: all messages that are there, also those whose time had not come."""
    messages = [*take("embed"), *delayed("embed")]
    with acting_as("embed"):
        for message in messages:
            on_embed_message(message)


def trigger() -> None:
    """Work on what was saved and classified: default analyses start."""
    messages = take("triggers")
    with acting_as("triggers"):
        for message in messages:
            on_event(message)


def _batch_all() -> bool:
    messages = take("batch")
    with acting_as("batch"):
        for message in messages:
            batch.on_message(message)
    return bool(messages)


def _dispatch_all() -> bool:
    messages = take("dispatch")
    with acting_as("dispatch"):
        for message in messages:
            on_dispatch_message(message)
    return bool(messages)


def _summarize_all() -> bool:
    messages = take("summarize")
    with acting_as("summarize"):
        for message in messages:
            summarize(message["task"], message["attempt"])
    return bool(messages)


def _collect_all() -> bool:
    messages = take("collect")
    with acting_as("collect"):
        for message in messages:
            collect(message["run"])
    return bool(messages)


def _cleanup_all() -> bool:
    messages = take("cleanup")
    with acting_as("cleanup"):
        for message in messages:
            if message["kind"] == "run":
                cleanup.clean(message["run"])
            else:
                cleanup.delete_runs_of_service(message["service_id"], is_last=message.get("is_last", False))
    return bool(messages)


def bury_dead_letters() -> int:
    """Work on what was given up, as the sweep's function does first; return how many messages there were."""
    with acting_as("sweep"):
        return dead_letters.consume()


class Clock:
    """The time that the application sees: the real one, moved ahead."""

    def __init__(self, monkeypatch) -> None:
        self.ahead = timedelta(0)
        monkeypatch.setattr(clock, "now", lambda: _REAL_NOW() + self.ahead)

    def advance(self, **step: float) -> None:
        """Let time pass: seconds, minutes, hours …"""
        self.ahead += timedelta(**step)

    def sweep_after(self, **step: float) -> dict[str, int]:
        """Let time pass and then the clock call the sweep."""
        self.advance(**step)
        with acting_as("sweep"):
            return sweep()
