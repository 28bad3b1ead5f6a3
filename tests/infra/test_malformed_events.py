"""What a function of a queue or of the clock answers, or raises, for an event that is none: a sentence."""

import importlib

import pytest

from chalicelib.queue_events import MalformedEvent

OF_QUEUES = [
    *(f"chalicelib.analyses.handlers.on_{name}" for name in ("dispatch", "collect", "cleanup", "batch", "trigger")),
    "chalicelib.relay.handlers.on_relay",
    "chalicelib.events.handlers.on_events",
    "chalicelib.summaries.handlers.on_summarize",
    "chalicelib.summary_search.handlers.on_embed",
]
RECORD = {"messageId": "m", "body": "{}", "eventSourceARN": "arn:aws:sqs:us-east-1:1:q", "attributes": {}}
BROKEN = [
    *(None, [], {}, "x", 5, True),
    *({"Records": records} for records in (None, 5, "x", {"a": 1}, [None], ["x"], [{}], [RECORD, {}])),
    *({"Records": [{**RECORD, part: None}]} for part in ("messageId", "body", "eventSourceARN")),
    *({"Records": [{**RECORD, "body": body}]} for body in ("[]", "5", "null", '"x"')),
]


def handler(name):
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(module), function)


@pytest.mark.parametrize("name", OF_QUEUES)
def test_a_function_of_a_queue_refuses_what_is_no_event_of_one_with_a_sentence(name):
    for event in BROKEN:
        with pytest.raises(MalformedEvent, match=r"^This .*\.$"):
            handler(name)(event, None)


@pytest.mark.parametrize("event", [None, [], {}, "x", 5, {"time": "2026-11-26T00:00:00Z"}])
def test_the_sweep_can_be_called_by_hand(stack, event):
    assert handler("chalicelib.analyses.handlers.on_clock")(event, None) is None
