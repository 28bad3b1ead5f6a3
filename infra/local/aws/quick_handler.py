"""The embedded AWS on HTTP, with connections that are kept.

werkzeug's development server ends every connection, waits ten milliseconds before it does, and takes a new thread for
the next one; botocore keeps its connections. What is large, or of unknown length, is left to werkzeug.
"""

import io
import re
import traceback
from http import HTTPStatus
from typing import Any, BinaryIO

from moto.server import MotoRequestHandler

Environ = dict[str, Any]

_MOST_LINE_BYTES = 65_537
_MOST_HEADERS = 100
_MOST_BODY_BYTES = 8 << 20
POST = b"POST / HTTP/1.1\r\n"
_OBJECT = re.compile(
    rb"(?P<method>GET|PUT|HEAD|DELETE) "
    rb"(?P<target>(?P<path>/[\w.-]+(?:/[\w.-]+)+)(?:\?(?P<query>[!-~]*))?) HTTP/1\.1\r\n",
    re.ASCII,
)
"""The first line of a request for an object whose key needs no percent."""
_HEADER = re.compile(rb"([A-Za-z0-9-]+):[ \t]*([^\r\n]*?)[ \t]*\r?\n")
_WITHOUT_PREFIX = frozenset({"CONTENT_LENGTH", "CONTENT_TYPE"})
_UNUSUAL = frozenset({"HTTP_EXPECT", "HTTP_TRANSFER_ENCODING", "HTTP_UPGRADE"})
_KEPT_ALIVE = "keep-alive"
_HERE = "127.0.0.1"
NAMES = {
    b"authorization": "HTTP_AUTHORIZATION",
    b"content-encoding": "HTTP_CONTENT_ENCODING",
    b"content-length": "CONTENT_LENGTH",
    b"content-type": "CONTENT_TYPE",
    b"host": "HTTP_HOST",
    b"user-agent": "HTTP_USER_AGENT",
    b"x-amz-target": "HTTP_X_AMZ_TARGET",
    b"x-moto-account-id": "HTTP_X_MOTO_ACCOUNT_ID",
}
"""The headers that matter to a call in JSON, by the names that WSGI has for them."""
CALL: Environ = {
    "REQUEST_METHOD": "POST",
    "SCRIPT_NAME": "",
    "PATH_INFO": "/",
    "QUERY_STRING": "",
    "REQUEST_URI": "/",
    "RAW_URI": "/",
    "SERVER_PROTOCOL": "HTTP/1.1",
    "SERVER_NAME": "127.0.0.1",
    "SERVER_PORT": "80",
    "wsgi.version": (1, 0),
    "wsgi.url_scheme": "http",
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
}


class QuickHandler(MotoRequestHandler):  # type: ignore[misc]  # moto has no types
    """Answers the requests of one connection, and logs none: they are logged by those who make them."""

    disable_nagle_algorithm = True
    protocol_version = "HTTP/1.1"
    rfile: BinaryIO

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""

    def handle_one_request(self) -> None:
        """Answer a request, or leave it to werkzeug, which then ends the connection."""
        self.raw_requestline = self.rfile.readline(_MOST_LINE_BYTES)
        if not self.raw_requestline:
            self.close_connection = True
            return
        lines = self._head()
        environ = (
            environ_of_call(lines) if self.raw_requestline == POST else environ_of_object(self.raw_requestline, lines)
        )
        if environ is None:
            if not self._parsed(lines):
                return
            if not self._is_ordinary():
                self.run_wsgi()
                self.close_connection = True
                return
            if self.headers.get("Expect", "").lower() == "100-continue":
                self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            environ = self.make_environ()
        else:
            self.close_connection = False
        length = int(environ.get("CONTENT_LENGTH") or 0)
        self._answer(environ | {"wsgi.input": io.BytesIO(self.rfile.read(length)), "wsgi.errors": io.StringIO()})

    def _head(self) -> list[bytes]:
        lines: list[bytes] = []
        while len(lines) <= _MOST_HEADERS:
            line = self.rfile.readline(_MOST_LINE_BYTES)
            lines.append(line)
            if line in {b"\r\n", b"\n", b""}:
                break
        return lines

    def _parsed(self, lines: list[bytes]) -> bool:
        stream = self.rfile
        self.rfile = io.BytesIO(b"".join(lines))
        try:
            understood: bool = self.parse_request()
        finally:
            self.rfile = stream
        return understood

    def _is_ordinary(self) -> bool:
        length = self.headers.get("Content-Length", "0")
        return "Transfer-Encoding" not in self.headers and length.isdecimal() and int(length) <= _MOST_BODY_BYTES

    def _answer(self, environ: Environ) -> None:
        heads: list[tuple[str, list[tuple[str, str]]]] = []
        try:
            parts = self.server.app(environ, lambda status, headers, _error=None: heads.append((status, headers)))
            content = b"".join(parts)
            if hasattr(parts, "close"):
                parts.close()
        except Exception:  # noqa: BLE001 - a server answers whatever the application does
            self.server.log("error", f"Error on request:\n{traceback.format_exc()}")
            status = HTTPStatus.INTERNAL_SERVER_ERROR
            heads, content = [(f"{status.value} {status.phrase}", [])], b""
        self.wfile.write(_head(*heads[-1], len(content), environ["REQUEST_METHOD"]) + content)


def _head(status: str, headers: list[tuple[str, str]], length: int, method: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in headers)]
    has_length = any(name.lower() == "content-length" for name, _ in headers)
    if not has_length and not (method == "HEAD" or status.startswith(("1", "204", "304"))):
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def environ_of_call(lines: list[bytes]) -> Environ | None:
    """Return what WSGI tells an application of a call in JSON; None if it is something else."""
    environ = dict(CALL)
    for line in lines:
        name, _, value = line.partition(b":")
        if known := NAMES.get(name.lower()):
            environ[known] = value.strip().decode("latin-1")
    return environ if is_call(environ) else None


def is_call(environ: Environ) -> bool:
    """Say whether these are the headers of a call in JSON, as short as most are."""
    length = environ.get("CONTENT_LENGTH", "")
    return "HTTP_X_AMZ_TARGET" in environ and length.isdecimal() and int(length) <= _MOST_BODY_BYTES


def environ_of_object(first: bytes, lines: list[bytes]) -> Environ | None:
    """Return what WSGI tells an application of a request for an object; None if anything about it is unusual."""
    match = _OBJECT.fullmatch(first)
    if match is None:
        return None
    path = match["path"].decode()
    environ = {**CALL, "REQUEST_METHOD": match["method"].decode(), "PATH_INFO": path, "REMOTE_ADDR": _HERE}
    environ["QUERY_STRING"] = (match["query"] or b"").decode()
    environ["REQUEST_URI"] = environ["RAW_URI"] = match["target"].decode()
    for line in lines[:-1]:
        header = _HEADER.fullmatch(line)
        if header is None:
            return None
        name = header[1].decode().upper().replace("-", "_")
        name = name if name in _WITHOUT_PREFIX else f"HTTP_{name}"
        if name in environ or name in _UNUSUAL:
            return None
        environ[name] = header[2].decode("latin-1")
    length = environ.get("CONTENT_LENGTH", "0")
    is_usual = (
        lines[-1] == b"\r\n"
        and length.isdecimal()
        and int(length) <= _MOST_BODY_BYTES
        and "HTTP_HOST" in environ
        and environ.get("HTTP_CONNECTION", _KEPT_ALIVE).lower() == _KEPT_ALIVE
    )
    return environ if is_usual else None
