"""The portal's side of a callback: a real HTTP server that keeps what services post, and answers as a test says."""

import json
import queue
from collections import defaultdict

from tests.support.stub_server import QuietHandler, StubServer


class Callbacks(StubServer):
    """Keeps what is posted, by path; `answers` holds what to answer first, status or (status, body), before 200.

    A status that redirects leads to the path's `/moved`.
    A POST to a path that ends in `/upload` is answered with a form for `/stored`.
    """

    def __init__(self):
        self.answers = []
        self.received = defaultdict(queue.SimpleQueue)
        super().__init__(_Receiver)

    def wait(self, path="/token-1", seconds=60):
        """Return the next document that was posted there."""
        return json.loads(self.received[path].get(timeout=seconds))

    def raw(self, path, seconds=60):
        """Return the next body that was posted there, as it came."""
        return self.received[path].get(timeout=seconds)


class _Receiver(QuietHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.received[self.path].put(body)
        answer = b"{}"
        status = 200
        if self.path.endswith("/upload"):
            form = {"url": f"{self.server.url}/stored", "fields": {"key": "uploads/1"}, "max_bytes": 256_000_000}
            answer = json.dumps({"status": "success", "data": form}).encode()
        elif self.path != "/stored" and self.server.answers:
            status = self.server.answers.pop(0)
        self.send_response(status)
        if 300 <= status < 400:
            self.send_header("Location", f"{self.path}/moved")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
