"""Lets what this process asks its own embedded AWS go to moto's application at once, without a socket and a thread.

Everything but the wire is as it would be: the request that botocore has signed, the application and its locks, the
bytes of the answer. What other processes ask, and what is not asked through botocore, goes over HTTP as ever.
"""

from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.httpsession import URLLib3Session
from moto.server import MotoRequestHandler
from urllib3 import HTTPHeaderDict, HTTPResponse

from infra.local.aws.embedded_aws import EmbeddedAws


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
        environ = _Handler(self._server, request).make_environ()
        status, headers = 0, HTTPHeaderDict()

        def start_response(line: str, pairs: list[tuple[str, str]], _error: Any = None) -> None:
            nonlocal status
            status = int(line.split(" ", 1)[0])
            for name, value in pairs:
                headers.add(name, value)

        parts = self._server.app(environ, start_response)
        try:
            body = b"".join(parts)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        raw = HTTPResponse(
            BytesIO(b"" if request.method == "HEAD" else body),
            headers,
            status,
            preload_content=False,
            decode_content=False,
            request_method=request.method,
        )
        answer = AWSResponse(request.url, status, headers, raw)
        if not request.stream_output:
            _ = answer.content  # as botocore does, for it reads it only once
        return answer


class _Handler(MotoRequestHandler):
    """What moto makes of a request, without the connection that it came over."""

    def __init__(self, server: Any, request: AWSPreparedRequest) -> None:
        place = urlsplit(request.url)
        body = _bytes(request.body)
        given = {name: value if isinstance(value, str) else value.decode() for name, value in request.headers.items()}
        self.server, self.client_address, self.connection = server, ("127.0.0.1", 0), None
        self.command, self.request_version = request.method, "HTTP/1.1"
        self.path = f"{place.path or '/'}?{place.query}" if place.query else place.path or "/"
        # as urllib3 and http.client would add them
        self.headers = {"Host": place.netloc, "Accept-Encoding": "identity", "Content-Length": str(len(body)), **given}
        self.headers.pop("Transfer-Encoding", None)
        self.rfile = BytesIO(body)


def _bytes(body: Any) -> bytes:
    if body is None:
        return b""
    if isinstance(body, str):
        return body.encode()
    return bytes(body) if isinstance(body, (bytes, bytearray, memoryview)) else body.read()
