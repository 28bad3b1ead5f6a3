"""A stand-in for SkyPortal, on the other side of a relay, that behaves as SkyPortal was measured to.

A run is recorded as `queued`. A thread posts it to the service; after a 2xx it writes `pending` onto the row, over
whatever has arrived meanwhile. A result is taken while the row is queued or pending, and 403 after that; 400 once it is
too late, which makes the row `timed_out`. Results in joblib are unpickled when they are read. What waits in the queue,
or is being posted, is lost by a restart; the rows are not.
"""

import base64
import io
import json
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import joblib

from tests.support.stub_server import QuietHandler, StubServer

WEBHOOK = "/api/webhook/obj_analysis/"
_MOST_MESSAGE = 1024

PHOTOMETRY = "mjd,flux,fluxerr,mag,magerr,filter,magsys,limiting_mag,zp,instrument_name,predicted_mag\n"


@dataclass
class Row:
    """An analysis, as SkyPortal's database has it."""

    token: str
    obj_id: str
    invalid_after: datetime
    status: str = "queued"
    status_message: str | None = None
    data: dict[str, Any] | None = None
    taken: int = 0
    """How many results were taken."""
    posts: list[int] = field(default_factory=list)
    """What each post of a result was answered."""

    @property
    def results(self) -> Any:
        """Read the results as SkyPortal does."""
        sent = (self.data or {})["results"]
        if sent["format"] == "joblib":
            return joblib.load(io.BytesIO(base64.b64decode(sent["data"])))
        return sent["data"]


class Portal(StubServer):
    """Serves the callbacks; a context manager.

    Parameters
    ----------
    now : callable, optional
        The time, naive UTC.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(tzinfo=None)) -> None:
        self.rows: dict[str, Row] = {}
        self.is_down = False
        self.answers: list[tuple[int, bytes]] = []
        """What callbacks are answered first, whatever is posted."""
        self.most_bytes = 100_000_000
        self.redirect: str | None = None
        self.documents: dict[str, Any] = {}
        """What its API answers to a GET with its token, by path without the query."""
        self.api_token = "a-token-of-the-portal"
        self.asked: list[str] = []
        self.now = now
        self.lock = threading.Lock()
        super().__init__(_Callbacks)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def document(self, row: Row, **changes: Any) -> dict[str, Any]:
        """Return what is posted to the service."""
        return {
            "callback_url": f"{self.url}{WEBHOOK}{row.token}",
            "inputs": {"analysis_parameters": {"source": "salt3"}, "photometry": PHOTOMETRY, "redshift": "a,b,c\n,,\n"},
            "callback_method": "POST",
            "invalid_after": row.invalid_after.isoformat(" ", timespec="microseconds"),
            "analysis_resource_type": "obj",
            "resource_id": row.obj_id,
            "analysis_parameters": {},
            **changes,
        }

    def record(self, obj_id: str, timeout: float = 3600.0) -> Row:
        """Record a run; nothing is sent yet."""
        row = Row(str(uuid.uuid4()), obj_id, self.now() + timedelta(seconds=timeout))
        self.rows[row.token] = row
        return row

    def acknowledged(self, row: Row, status: int, text: str) -> None:
        """Write what the thread does when the service has answered: whatever the row has become meanwhile."""
        with self.lock:
            row.status = "pending" if 200 <= status < 300 else "failure"
            row.status_message = text[:_MOST_MESSAGE]

    def statuses(self) -> list[str]:
        return [row.status for row in self.rows.values()]

    def take(self, token: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """Take a result."""
        with self.lock:
            row = self.rows.get(token)
            if row is None:
                return 403, _error("Invalid token")
            if row.status not in {"queued", "pending"}:
                return 403, _error(
                    f"Analysis already updated with status='{row.status}' and message={row.status_message}"
                )
            if self.now() > row.invalid_after:
                row.status = "timed_out"
                return 400, _error("Token has expired")
            posted = json.loads(body)
            row.status = "completed" if posted.get("status", "error") == "success" else "failure"
            row.status_message = posted.get("message", "")
            if len(posted.get("analysis", {}).keys()) > 0:
                row.data = posted["analysis"]
            row.taken += 1
        return 200, {"status": "success", "message": "", "data": {"status": "success"}, "version": "1.4"}


def _error(message: str) -> dict[str, Any]:
    return {"status": "error", "message": message, "data": {}, "version": "1.4"}


class _Callbacks(QuietHandler):
    server: Portal

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        portal, token = self.server, self.path.rpartition("/")[2]
        if portal.is_down:  # nginx is there, and nothing behind it
            self._answer(503, b"<html><body>SkyPortal is being loaded</body></html>", "text/html")
            return
        if portal.redirect is not None:
            self.send_response(307)
            self.send_header("Location", portal.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if portal.answers:
            status, content = portal.answers.pop(0)
            self._answer(status, content)
            return
        if len(body) > portal.most_bytes:
            self._answer(413, b"<html><body>413 Request Entity Too Large</body></html>", "text/html")
            return
        status, answer = portal.take(token, body)
        if token in portal.rows:
            portal.rows[token].posts.append(status)
        self._answer(status, json.dumps(answer).encode())

    def do_GET(self) -> None:
        path, portal = self.path.partition("?")[0], self.server
        portal.asked.append(self.path)
        if self.headers.get("Authorization") != f"token {portal.api_token}":
            self._answer(401, json.dumps(_error("Unauthorized")).encode())
        elif path not in portal.documents:
            self._answer(404, json.dumps(_error("not found")).encode())
        else:
            self._answer(200, json.dumps({"status": "success", "data": portal.documents[path]}).encode())

    def _answer(self, status: int, content: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
