"""Small HTTP servers on sockets that already listen."""

import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class ListeningServer(ThreadingHTTPServer):
    """A threaded HTTP server on a socket that already listens.

    Parameters
    ----------
    sock : socket.socket
        Closed by `server_close`.
    handler : callable
        As `ThreadingHTTPServer` takes it.
    """

    daemon_threads = True

    def __init__(self, sock: socket.socket, handler: Any) -> None:  # noqa: ANN401 - a class or a partial of one
        super().__init__(sock.getsockname(), handler, bind_and_activate=False)
        self.socket.close()
        self.socket = sock

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's own
        """Report what went wrong, unless the client went away: there is nobody to answer then."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class JsonRequestHandler(BaseHTTPRequestHandler):
    """Base of the small servers: kept-alive connections answered at once, nothing logged by the server itself."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 120

    def log_message(self, *_: object) -> None:
        """Log nothing: what happens is logged where it happens."""

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send a whole JSON answer."""
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
