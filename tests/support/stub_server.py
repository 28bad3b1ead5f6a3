"""What every HTTP server of the tests is built on."""

import selectors
import socket
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class TolerantServer(ThreadingHTTPServer):
    """Takes it that a client hangs up, which is its right; any other trouble fails the test (see leaks.py)."""

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class StubServer(TolerantServer):
    """Serves on construction, on a free port and in a thread of its own; a context manager.

    Parameters
    ----------
    handler : type
        Answers requests; it finds this server as `self.server`.
    """

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._ended, self._end = socket.socketpair()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        self._end.close()
        self._thread.join()
        self._ended.close()
        self.server_close()

    def _serve(self) -> None:
        """Wait for requests, or for the end, and not a hundred times a second for either, as `serve_forever` would."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._ended, selectors.EVENT_READ)
            while all(key.fileobj is self for key, _ in selector.select()):
                self._handle_request_noblock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class QuietHandler(BaseHTTPRequestHandler):
    """Logs no request."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""
