"""The application in this process behind a real HTTP server, for what posts to it from within."""

import base64
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

from tests.support.api import invoke


class Site:
    """Passes every request on to the application; a context manager."""

    def __init__(self) -> None:
        class Handler(BaseHTTPRequestHandler):
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

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
