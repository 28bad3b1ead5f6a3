"""Somebody who has subscribed, and checks signatures as the specification says, without our code."""

import base64
import hashlib
import hmac
from dataclasses import dataclass, field

from tests.support.api import Api
from tests.support.service import Reaction, StubService

PATH = "/api/event_subscriptions"
ALL = [
    "analysis.completed",
    "analysis.failed",
    "analysis.timed_out",
    "analysis.cancelled",
    "batch.finished",
    "service.paused",
    "service.resumed",
]


@dataclass
class Receiver:
    """Receives at a stub; `subscribe` makes the subscription."""

    stub: StubService
    secrets: dict[int, str] = field(default_factory=dict)

    def subscribe(self, api: Api, events=ALL, **more) -> int:
        body = {"url": self.stub.url, "events": list(events), **more}
        answer = api.post(PATH, body).data
        assert set(answer) == {"id", "secret"}
        self.secrets[answer["id"]] = answer["secret"]
        return answer["id"]

    def answers(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.stub.reaction = Reaction(status, body, headers)

    @property
    def got(self):
        """The bodies that arrived."""
        return [one.document for one in self.stub.received]

    @property
    def ids(self):
        return [_header(one, "webhook-id") for one in self.stub.received]


def _header(received, name):
    return next(value for header, value in received.headers.items() if header.lower() == name)


def is_signed(received, secret: str) -> bool:
    """Say whether one of the signatures is by this secret."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    content = f"{_header(received, 'webhook-id')}.{_header(received, 'webhook-timestamp')}.".encode() + received.body
    expected = "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    return expected in _header(received, "webhook-signature").split(" ")
