"""An analysis service for the soak: nine of ten runs are served well, the others as badly as services do."""

import contextlib
import json
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import requests

_POSTERS = 8
_TIMEOUT = 60
_LATE_SECONDS = 3.0


class Manner(StrEnum):
    """How the service treats a run."""

    WELL = "well"
    FAILS = "posts a failure"
    TWICE = "posts twice, at once"
    GARBAGE = "posts garbage first"
    EARLY = "posts before it acknowledges"
    BUSY = "is busy at first"
    MUTE = "takes it and hangs up"
    SLOW = "acknowledges slowly"
    REFUSES = "refuses"
    SILENT = "never posts"


BAD = [manner for manner in Manner if manner is not Manner.WELL]
_ENDS = {Manner.FAILS: "failure", Manner.REFUSES: "failure", Manner.SILENT: "timed_out"}


def expected_end(manner: Manner) -> str:
    """Return the state in which a run ends that is treated so."""
    return _ENDS.get(manner, "completed")


def manner_of(number: int) -> Manner:
    """Return how run `number` is treated: the same in every soak, a tenth of them badly."""
    return BAD[number // 10 % len(BAD)] if number % 10 == 0 else Manner.WELL


@dataclass
class Seen:
    """What the service saw of its runs, by their number."""

    sent: Counter[int] = field(default_factory=Counter)
    taken: Counter[int] = field(default_factory=Counter)
    accepted: dict[int, list[str]] = field(default_factory=dict)
    """Messages of the posts that were answered with 200."""


class SoakService:
    """Serves on construction; `stop` ends it.

    Attributes
    ----------
    disturb : callable
        Called with "run_worker" while a run is being sent, and with "run_api" while a result is being posted.
    """

    def __init__(self) -> None:
        self.seen = Seen()
        self.disturb: Callable[[str], object] = lambda _: None
        self._lock = threading.Lock()
        self._posters = ThreadPoolExecutor(_POSTERS, thread_name_prefix="post")
        self._session = requests.Session()
        self._session.trust_env = False
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                document = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                status = service.receive(document)
                if status is not None:
                    self.send_response(status)
                    self.send_header("Content-Length", "0")
                    self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            request_queue_size = 256
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own
                if not isinstance(sys.exc_info()[1], ConnectionError):  # processes that are killed hang up
                    super().handle_error(request, client_address)

        self._server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it takes runs."""
        return f"http://127.0.0.1:{self._server.server_port}/analysis"

    def receive(self, document: dict[str, Any]) -> int | None:
        """Treat a run in its manner; return the HTTP status, or None to hang up."""
        number = int(document["inputs"]["analysis_parameters"]["number"])
        manner, url = manner_of(number), document["callback_url"]
        with self._lock:
            self.seen.sent[number] += 1
            first = self.seen.sent[number] == 1
        self.disturb("run_worker")
        match manner:
            case Manner.BUSY if first:
                return 503
            case Manner.REFUSES:
                return 422
            case Manner.EARLY:
                self._post(number, url, 0)
            case Manner.SLOW:
                time.sleep(_LATE_SECONDS)
        with self._lock:
            self.seen.taken[number] += 1
        if manner not in {Manner.SILENT, Manner.EARLY}:
            for post in range(2 if manner is Manner.TWICE else 1):
                self._posters.submit(self._post, number, url, post)
        return None if manner is Manner.MUTE else 200

    def _post(self, number: int, url: str, post: int) -> None:
        with contextlib.suppress(requests.ConnectionError):  # like most services, it posts once
            self._post_once(number, url, post)

    def _post_once(self, number: int, url: str, post: int) -> None:
        manner = manner_of(number)
        time.sleep(random.uniform(0, 0.2))  # noqa: S311 - keeps no secret
        if manner is Manner.GARBAGE:
            self._session.post(url, data=b"{half", timeout=_TIMEOUT)
        message = f"run {number}, post {post}"
        self.disturb("run_api")
        answer = self._session.post(
            url,
            json={
                "status": "failure" if manner is Manner.FAILS else "success",
                "message": message,
                "analysis": {"results": {"format": "json", "data": {"message": message}}},
            },
            timeout=_TIMEOUT,
        )
        if answer.ok:
            with self._lock:
                self.seen.accepted.setdefault(number, []).append(message)

    def stop(self) -> None:
        """End it."""
        self._posters.shutdown(cancel_futures=True)
        self._server.shutdown()
        self._server.server_close()
