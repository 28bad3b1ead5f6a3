"""The application in this process behind a real HTTP server, for what posts to it from within."""

import base64
from typing import Self

from tests.support.api import invoke
from tests.support.stub_server import QuietHandler, StubServer


class Site:
    """Passes every request on to the application; a context manager."""

    def __init__(self) -> None:
        class Handler(QuietHandler):
            def do_GET(self) -> None:
                self._pass_on()

            def do_POST(self) -> None:
                self._pass_on()

            def _pass_on(self) -> None:
                content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = invoke(self.command, self.path, dict(self.headers), content)
                body = base64.b64decode(answer["body"]) if answer.get("isBase64Encoded") else answer["body"].encode()
                self.send_response(answer["statusCode"])
                for name, value in {**answer["headers"], "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

        self._server = StubServer(Handler)

    @property
    def url(self) -> str:
        return self._server.url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.stop()
