"""An analysis service as strangers write them: a real HTTP server that records what it gets and obeys the test."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

from tests.support.stub_server import QuietHandler, StubServer

_ACTIVE = b'{"status": "active"}'


@dataclass
class Received:
    """One POST that the service got."""

    path: str
    headers: dict[str, str]
    document: dict[str, Any]
    body: bytes

    @property
    def token(self) -> str:
        return self.document["callback_url"].rpartition("/")[2]


@dataclass
class Reaction:
    """What the service answers."""

    status: int = 200
    body: bytes = b'{"message": "taken"}'
    headers: dict[str, str] = field(default_factory=dict)


class StubService:
    """Answers with `reaction`, or with what `react` returns for a received document; a context manager."""

    def __init__(self) -> None:
        self.forget()
        stub = self

        class Handler(QuietHandler):
            def do_POST(self) -> None:
                content = self.rfile.read(int(self.headers["Content-Length"]))
                got = Received(self.path, dict(self.headers), json.loads(content), content)
                stub.received.append(got)
                reaction = stub.react(got) if stub.react else stub.reaction
                self.send_response(reaction.status)
                for name, value in {**reaction.headers, "Content-Length": str(len(reaction.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reaction.body)

            def do_GET(self) -> None:
                self.send_response(stub.status)
                self.send_header("Content-Length", str(len(_ACTIVE)))
                self.end_headers()
                self.wfile.write(_ACTIVE)

        self._server = StubServer(Handler)

    def forget(self) -> None:
        """Be as at the beginning."""
        self.received: list[Received] = []
        self.reaction = Reaction()
        self.status = 200
        """What it answers to a GET."""
        self.react: Callable[[Received], Reaction] | None = None

    @property
    def url(self) -> str:
        return f"{self._server.url}/analysis"

    def wait_for_one(self, seconds: float = 60) -> Received:
        """Return the newest document, as soon as there is one."""
        deadline = time.monotonic() + seconds
        while not self.received:
            assert time.monotonic() < deadline, "the service has got nothing"
            time.sleep(0.05)
        return self.received[-1]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
