"""An event as it is sent: JSON for programs, or a text that Slack and Mattermost show to people."""

import json

from chalicelib import clock
from chalicelib.events.kinds import Event
from chalicelib.events.told import Told
from chalicelib.settings import settings

_WORDS = {
    "analysis.completed": "Completed",
    "analysis.failed": "Failed",
    "analysis.timed_out": "Timed out",
    "analysis.cancelled": "Cancelled",
    "batch.finished": "Finished",
    "service.paused": "Paused, because it could not be reached",
    "service.resumed": "Reached again",
    "subscription.test": "A test of",
}
_ESCAPED = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "¦"})
"""What Slack's own marks are made of."""


def body_of(event: Event, told: Told, form: str) -> bytes:
    """Return what is sent."""
    if form == "slack":
        subject = told.subject.translate(_ESCAPED)
        content: dict[str, object] = {
            "text": f"{_WORDS[event.kind]}: <{settings().public_url}{told.page}|{subject}>",
        }
    else:
        content = {"type": event.kind, "timestamp": clock.iso(event.at), "data": told.data}
    return json.dumps(content, separators=(",", ":")).encode()
