"""Lets what this process asks its own embedded AWS go to moto's application at once, without a socket and a thread.

Everything but the wire is as it would be: the request that botocore has signed, the application and its locks, the
bytes of the answer. What other processes ask, and what is not asked through botocore, goes over HTTP as ever.
"""

from io import BytesIO, StringIO
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from moto.server import MotoRequestHandler
from urllib3 import HTTPHeaderDict, HTTPResponse

from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.quick_handler import CALL, NAMES, environ_of_object, is_call


class NearAws:
    """Answers from construction until `stop`."""

    def __init__(self, aws: EmbeddedAws) -> None:
        self._prefix = f"{aws.url}/"
        self._server = aws._server
        self._send = send = URLLib3Session.send
        near = self

        def near_send(session: URLLib3Session, request: AWSPreparedRequest) -> AWSResponse:
            return near._answer(request) if request.url.startswith(near._prefix) else send(session, request)

        URLLib3Session.send = near_send

    def stop(self) -> None:
        URLLib3Session.send = self._send

    def _answer(self, request: AWSPreparedRequest) -> AWSResponse:
        status, pairs = 0, []

        def start_response(line: str, given: list[tuple[str, str]], _error: Any = None) -> None:
            nonlocal status, pairs
            status, pairs = int(line.split(" ", 1)[0]), given

        parts = self._server.app(self._environ(request), start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        content = b"" if request.method == "HEAD" else body
        headers = dict(pairs)
        if request.stream_output or len(headers) < len(pairs):
            headers = HTTPHeaderDict(pairs)
        if request.stream_output:
            named = {"preload_content": False, "decode_content": False, "request_method": request.method}
            return AWSResponse(request.url, status, headers, HTTPResponse(BytesIO(content), headers, status, **named))
        answer = AWSResponse(request.url, status, headers, None)
        answer._content = content  # which botocore would read at once
        return answer

    def _environ(self, request: AWSPreparedRequest) -> dict[str, Any]:
        """Return what the embedded AWS makes of a request that it reads off the wire, in its quick way where it can."""
        body, sent, target = _bytes(request.body), _sent(request), _target(request)
        sent.setdefault("Content-Length", str(len(body)))
        if request.method == "POST" and target == "/":
            environ = _environ_of_call(sent)
        else:
            lines = [*(f"{name}: {value}\r\n".encode("latin-1") for name, value in sent.items()), b"\r\n"]
            environ = environ_of_object(f"{request.method} {target} HTTP/1.1\r\n".encode("latin-1"), lines)
        if environ is None:
            return _Handler(self._server, request.method, target, sent, body).make_environ()
        return environ | {"wsgi.input": BytesIO(body), "wsgi.errors": StringIO()}


class _Handler(MotoRequestHandler):
    """What moto makes of a request, without the connection that it came over."""

    def __init__(self, server: Any, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        self.server, self.client_address, self.connection = server, ("127.0.0.1", 0), None
        self.command, self.request_version, self.path = method, "HTTP/1.1", target
        self.headers, self.rfile = headers, BytesIO(body)


def _environ_of_call(sent: dict[str, str]) -> dict[str, Any] | None:
    """Return what `environ_of_call` makes of the lines of these headers."""
    environ = dict(CALL)
    for name, value in sent.items():
        if known := NAMES.get(name.lower().encode()):
            environ[known] = value.strip()
    return environ if is_call(environ) else None


def _target(request: AWSPreparedRequest) -> str:
    place = urlsplit(request.url)
    return f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"


def _sent(request: AWSPreparedRequest) -> dict[str, str]:
    """Return the headers as urllib3 and http.client would send them."""
    given = {name: value if isinstance(value, str) else value.decode() for name, value in request.headers.items()}
    given.pop("Transfer-Encoding", None)
    return {"Host": urlsplit(request.url).netloc, "Accept-Encoding": "identity", **given}


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, (bytes, bytearray, memoryview)) else body.read()
