"""A service of the benchmarks: it takes every run at once, and answers when it is told to."""

import json
import queue
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

import requests

from infra.local.http.listening import HOST

_THREADS = 16


class QuickService:
    """Starts on construction; a context manager.

    Parameters
    ----------
    result : bytes, optional
        Posted to each run's webhook as soon as it was taken; without one, callbacks are given to `taken`.
    """

    def __init__(self, result: bytes | None = None) -> None:
        self.taken: queue.SimpleQueue[tuple[float, str]] = queue.SimpleQueue()
        self.accepted: queue.SimpleQueue[float] = queue.SimpleQueue()
        self._posting = ThreadPoolExecutor(_THREADS)
        self._local = threading.local()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def log_message(self, *_: object) -> None:
                """Log nothing."""

            def do_POST(self) -> None:
                at = time.perf_counter()
                url = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["callback_url"]
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                service.taken.put((at, url))
                if result is not None:
                    service._posting.submit(service.post, url, result)

        self._server = ThreadingHTTPServer((HOST, 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where it is reached."""
        return f"http://{HOST}:{self._server.server_port}/"

    def post(self, url: str, content: bytes) -> float:
        """Post a result and return how long that took, in seconds."""
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
            self._local.session.trust_env = False
        begun = time.perf_counter()
        self._local.session.post(url, data=content, timeout=60).raise_for_status()
        ended = time.perf_counter()
        self.accepted.put(ended)
        return ended - begun

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._posting.shutdown()
        self._server.shutdown()
        self._server.server_close()
