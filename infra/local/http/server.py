"""The API on HTTP: Chalice's own server, made to answer everything in the one shape and never late."""

import base64
import socket
import threading
import time
from functools import partial
from typing import Any

from chalice.app import Chalice
from chalice.config import Config
from chalice.local import ChaliceRequestHandler, LocalDevServer

from chalicelib.http.envelope import SECURITY_HEADERS, Reply, failure
from chalicelib.http.errors import ApiError, InternalError, TooLarge
from chalicelib.http.logs import LOGGER
from infra.local.http.body import read_body
from infra.local.http.gateway import MAX_BODY_BYTES, Gateway, Proxy
from infra.local.http.listening import HOST
from infra.local.http.request_head import quick_head
from infra.local.http.small_server import ListeningServer
from infra.local.http.storage import Storage, headers_of, pieces_of

_DRAIN_SECONDS = 5.0
_WITHOUT_HEAD = "HTTP/0.9"
_NO_METHOD = {501: 405}
"""An unknown method is one that is not allowed."""


class RequestHandler(ChaliceRequestHandler):  # type: ignore[misc]  # Chalice has no types
    """Answers the requests of one connection."""

    disable_nagle_algorithm = True
    timeout = 120

    def __init__(
        self,
        *arguments: Any,  # noqa: ANN401 - socketserver's
        gateway: Gateway,
        busy: "Busy",
        storage: Storage | None,
        **_: Any,  # noqa: ANN401 - Chalice's
    ) -> None:
        self._gateway, self._busy, self._storage = gateway, busy, storage
        # past Chalice's own constructor, which builds a gateway for every connection
        super(ChaliceRequestHandler, self).__init__(*arguments)

    def log_message(self, *_: object) -> None:
        """Log nothing: the application logs its requests."""

    def parse_request(self) -> bool:
        """Read the head of a request; http.server reads what is unusual."""
        head = quick_head(self.raw_requestline, self.rfile)
        if head is None:
            understood: bool = super().parse_request()
            return understood
        self.requestline = self.raw_requestline.decode().rstrip("\r\n")
        self.command, self.path, self.headers = head
        self.request_version = self.protocol_version
        self.close_connection = self.headers.get("Connection", "").lower() == "close"
        return True

    def send_error(self, code: int, message: str | None = None, _explain: str | None = None) -> None:
        """Answer what the server itself refuses."""
        self.close_connection = True
        self._send_failure(ApiError(f"Bad request: {message or 'it cannot be read'}."), _NO_METHOD.get(code, code))

    def _generic_handle(self) -> None:
        with self._busy:
            if self._storage is not None and self._storage.holds(self.path):
                self._hand_on(self._storage)
                return
            try:
                body = read_body(self.rfile, self.headers, MAX_BODY_BYTES)
            except TooLarge as error:
                self.close_connection = True
                self._refuse_size(error)
                self._drain()
                return
            except ApiError as error:
                self.close_connection = True
                self._send_failure(error)
                self._drain()
                return
            self._answer(body)

    def _refuse_size(self, error: TooLarge) -> None:
        """Let the application say what is done about a body that it is not given: it knows what was posted."""
        stated = self.headers.get("Content-Length") or str(MAX_BODY_BYTES + 1)
        headers = {**dict(self.headers.items()), "Content-Length": stated}
        try:
            proxy = self._gateway.invoke(self.command, self.path, headers, b"")
        except ApiError:
            proxy = {}
        if proxy.get("statusCode") != error.status:
            self._send_failure(error)
            return
        self._send(error.status, {**proxy["headers"], **proxy["multiValueHeaders"]}, _content(proxy))

    def _hand_on(self, storage: Storage) -> None:
        """Let the bucket answer; what it answers is never shown as a page of ours."""
        self.close_connection = True
        try:
            with storage.ask(self.command, self.path, self.headers, self.rfile) as answer:
                headers = {**SECURITY_HEADERS, **headers_of(answer), "Connection": "close"}
                self.send_response(answer.status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                for piece in pieces_of(answer):
                    self.wfile.write(piece)
        except ApiError as error:
            self._send_failure(error)
            self._drain()

    def _answer(self, body: bytes) -> None:
        try:
            proxy = self._gateway.invoke(self.command, self.path, dict(self.headers.items()), body)
        except ApiError as error:
            self._send_failure(error)
        except Exception:  # noqa: BLE001 - a gateway answers whatever the function does
            LOGGER.exception("the application raised")
            self._send_failure(InternalError("Something went wrong on our side."))
        else:
            self._send(proxy["statusCode"], {**proxy["headers"], **proxy["multiValueHeaders"]}, _content(proxy))

    # names of http.server
    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _generic_handle  # noqa: N815

    def _send_failure(self, error: ApiError, status: int | None = None) -> None:
        reply: Reply = failure(error)
        status = status or reply.status
        LOGGER.info("request refused", extra={"method": self.command, "status": status})
        headers = {**SECURITY_HEADERS, "Content-Type": reply.content_type, **reply.headers}
        self._send(status, headers, reply.body)

    def _send(self, status: int, headers: dict[str, Any], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            for one in value if isinstance(value, list) else [value]:
                self.send_header(name, one)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        content = b"" if self.command == "HEAD" else body
        if self.request_version == _WITHOUT_HEAD:
            self.wfile.write(content)
            return
        self._headers_buffer += [b"\r\n", content]  # in one packet, for whoever waits wakes up for each
        self.flush_headers()

    def _drain(self) -> None:
        """Throw away what the client is still sending: it reads the answer only when it is done."""
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(1.0)
        deadline = time.monotonic() + _DRAIN_SECONDS
        try:
            while time.monotonic() < deadline and self.rfile.read1(1 << 20):
                pass
        except OSError:
            LOGGER.info("the client went away while its body was refused")


def _content(proxy: Proxy) -> bytes:
    body = proxy.get("body") or ""
    return base64.b64decode(body) if proxy.get("isBase64Encoded") else body.encode()


class Busy:
    """Counts the requests that are being answered; a context manager around each."""

    def __init__(self) -> None:
        self._count = 0
        self._changed = threading.Condition()

    def __enter__(self) -> None:
        with self._changed:
            self._count += 1

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._count -= 1
            self._changed.notify_all()

    def wait_until_idle(self, seconds: float) -> None:
        """Wait until no request is being answered, but not longer than this."""
        with self._changed:
            self._changed.wait_for(lambda: self._count == 0, timeout=seconds)


class ApiServer:
    """Serves the application on a socket that already listens.

    Parameters
    ----------
    app : Chalice
        The application.
    sock : socket.socket
        Where it is reached.
    seconds : float, optional
        Longest wait for an answer, instead of API Gateway's.
    """

    def __init__(self, app: Chalice, sock: socket.socket, **limits: float) -> None:
        self._busy = Busy()
        storage = Storage.of_environment()
        handler = partial(RequestHandler, gateway=Gateway(app, **limits), busy=self._busy, storage=storage)
        self._local = LocalDevServer(
            app,
            Config(),
            HOST,
            sock.getsockname()[1],
            handler_cls=handler,
            server_cls=lambda _address, handle: ListeningServer(sock, handle),
        )
        self._thread = threading.Thread(target=self._local.server.serve_forever, name="api", daemon=True)
        self._thread.start()

    def stop(self, seconds: float = 2.0) -> None:
        """Stop listening and let the requests that are being answered finish."""
        self._local.shutdown()
        self._local.server.server_close()
        self._busy.wait_until_idle(seconds)
