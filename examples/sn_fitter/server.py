"""The HTTP side: says that it is active, and takes runs."""

import json
import logging
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import urlsplit

from runs import QueueFullError, Runs

MAX_BODY_BYTES = 32 * 1024 * 1024
RETRY_AFTER_SECONDS = 20

logger = logging.getLogger(__name__)


class RefusedError(Exception):
    """A request that is not taken, with the HTTP status and the reason."""

    def __init__(self, status: HTTPStatus, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class FitterServer(ThreadingHTTPServer):
    """Listens on an address and hands runs to the queue."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], runs: Runs) -> None:
        super().__init__(address, Handler)
        self.runs = runs


class Handler(BaseHTTPRequestHandler):
    """GET answers that the service is active, POST /analysis takes a run."""

    server: FitterServer
    protocol_version = "HTTP/1.1"
    timeout = 30
    disable_nagle_algorithm = True
    error_content_type = "application/json"
    error_message_format = '{"status": "error", "message": "HTTP %(code)d"}'
    paths: ClassVar = {"GET": {"/", "/analysis"}, "POST": {"/analysis"}}

    def do_GET(self) -> None:
        """Answer a health check; registered URLs are asked too, so /analysis answers as well."""
        if self._known_path():
            self._answer(HTTPStatus.OK, {"status": "active"})

    def do_POST(self) -> None:
        """Take a run and answer at once; the result goes to the run's callback."""
        try:
            body = self._read_body()
            if not self._known_path():
                return
            object_id, callback_url, inputs = read_request(body)
            run = self.server.runs.submit(object_id, callback_url, inputs)
        except RefusedError as refusal:
            self._answer(refusal.status, {"status": "error", "message": str(refusal)})
        except QueueFullError:
            answer = {"status": "error", "message": "Too many fits are waiting: try again later."}
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, answer, {"Retry-After": str(RETRY_AFTER_SECONDS)})
        else:
            self._answer(HTTPStatus.OK, {"status": "success", "message": f"Queued as run {run.number}."})

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (http.server's name)
        """Log requests for those who look for them; the phases of a run have their own lines."""
        logger.debug(format, *args)

    def _known_path(self) -> bool:
        known = urlsplit(self.path).path in self.paths[self.command]
        if not known:
            self._answer(HTTPStatus.NOT_FOUND, {"status": "error", "message": "POST runs to /analysis."})
        return known

    def _read_body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            raise RefusedError(HTTPStatus.LENGTH_REQUIRED, "A Content-Length is required.")
        if int(length) > MAX_BODY_BYTES:
            self.close_connection = True
            raise RefusedError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"At most {MAX_BODY_BYTES} bytes are taken.")
        return self.rfile.read(int(length))

    def _answer(self, status: HTTPStatus, content: dict[str, str], headers: dict[str, str] | None = None) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            **(headers or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def read_request(body: bytes) -> tuple[str, str, dict[str, Any]]:
    """Check a run's document for its object id, callback URL and inputs.

    Raises
    ------
    RefusedError
        The body is not such a document; 400 with the reason.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise RefusedError(HTTPStatus.BAD_REQUEST, f"The body is not JSON: {error}.") from error
    if not isinstance(document, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "The body must be a JSON object.")
    callback_url, inputs = document.get("callback_url"), document.get("inputs")
    if not isinstance(callback_url, str) or urlsplit(callback_url).scheme not in {"http", "https"}:
        raise RefusedError(HTTPStatus.BAD_REQUEST, "callback_url must be an http or https URL.")
    if not isinstance(inputs, dict):
        raise RefusedError(HTTPStatus.BAD_REQUEST, "inputs must be an object.")
    return str(document.get("resource_id", "")), callback_url, inputs
