"""The portal's side: callbacks whose behaviour a check decides, and the place where large results are uploaded."""

import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import urlsplit

MOST_POST_BYTES = 4_500_000
MOST_UPLOAD_BYTES = 256_000_000
_FILE = b'name="file"'


@dataclass(frozen=True, slots=True)
class Post:
    """What a service posted to a callback, and what it was answered."""

    at: float
    """time.monotonic()"""
    body: bytes
    content_type: str
    status: int


@dataclass(slots=True)
class Callback:
    """One callback URL; a check sets how it answers."""

    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    answers: list[int] = field(default_factory=list)
    """Statuses that come first."""
    expires: float = float("inf")
    """time.monotonic() from which on posts are refused."""
    moved: bool = False
    """Whether the first post is redirected to another path."""
    posts: list[Post] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    taken: Post | None = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, seconds: float) -> Post | None:
        """Return the post that was taken, None if there is none in time."""
        with self.changed:
            self.changed.wait_for(lambda: self.taken is not None, seconds)
        return self.taken

    def wait_for_any(self, seconds: float) -> bool:
        """Say whether anything was posted in time, taken or not."""
        with self.changed:
            return self.changed.wait_for(lambda: bool(self.posts), seconds)

    def _answer(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        if self.moved and not path.endswith("/moved"):
            return 307, {}
        if self.answers:
            return self.answers.pop(0), {"status": "error", "message": "not now"}
        if len(body) > MOST_POST_BYTES:
            return 413, {"status": "error", "message": f"more than {MOST_POST_BYTES} bytes: use upload_url"}
        if time.monotonic() > self.expires:
            return 400, {"status": "error", "message": "Token has expired"}
        if self.taken is not None:
            return 403, {"status": "error", "message": "Analysis already updated with status='completed'"}
        return 200, {"status": "success", "data": {"status": "success"}}

    def post(self, path: str, body: bytes, content_type: str) -> tuple[int, dict[str, Any]]:
        """Take a post or refuse it as the check wants, and remember it."""
        with self.changed:
            status, answer = self._answer(path, body)
            post = Post(time.monotonic(), body, content_type, status)
            self.posts.append(post)
            if status == 200:  # noqa: PLR2004 - HTTP's OK
                self.taken = post
            self.changed.notify_all()
        return status, answer


class Portal:
    """An HTTP server with callbacks; a context manager.

    Parameters
    ----------
    host : str
        Where it listens, and under which name the service reaches it.
    """

    def __init__(self, host: str) -> None:
        self.callbacks: dict[str, Callback] = {}
        self._server = _Server((host, 0), _Handler)
        self._server.portal = self
        self.url = f"http://{host}:{self._server.server_port}"

    def callback(self, **behaviour: Any) -> Callback:  # noqa: ANN401 - the fields of Callback
        """Open a callback."""
        made = Callback(**behaviour)
        self.callbacks[made.token] = made
        return made

    def url_of(self, callback: Callback) -> str:
        """Return what a service is given as callback_url."""
        return f"{self.url}/api/webhook/obj_analysis/{callback.token}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    portal: Portal

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - socketserver's
        """Take it that a service hangs up."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = 60

    def do_POST(self) -> None:
        """Be a callback, the place to ask for a form, or the store behind the form."""
        body = self._body()
        path = urlsplit(self.path).path
        callback = next((one for token, one in self.server.portal.callbacks.items() if token in path), None)
        if callback is None:
            self._send(403, {"status": "error", "message": "Invalid token"})
        elif path.endswith("/upload"):
            form = {
                "url": f"{self.server.portal.url}/store/{callback.token}",
                "fields": {"key": f"uploads/{callback.token}", "policy": "e30="},
                "max_bytes": MOST_UPLOAD_BYTES,
                "expires_at": "2036-01-01T00:00:00",
            }
            self._send(200, {"status": "success", "data": form})
        elif path.startswith("/store/"):
            callback.uploads.append(_file_of(body))
            self._send(204, None)
        else:
            status, answer = callback.post(path, body, self.headers.get("Content-Type", ""))
            self._send(status, answer, self.path + "/moved" if callback.moved else None)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Say nothing."""

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0] or b"0", 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, answer: dict[str, Any] | None, location: str | None = None) -> None:
        body = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        if status == 307 and location:  # noqa: PLR2004 - Temporary Redirect
            self.send_header("Location", location)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _file_of(body: bytes) -> bytes:
    """Return the part `file` of a multipart body."""
    boundary = body.partition(b"\r\n")[0]
    for part in body.split(boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if _FILE in head:
            return content.removesuffix(b"\r\n")
    return b""
