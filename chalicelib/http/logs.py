"""Structured logs: one JSON object a line, with the request id and never a token."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from chalicelib.settings import settings

LOGGER = logging.getLogger("siderostat")

request_id: ContextVar[str] = ContextVar("request_id", default="-")

run: ContextVar[int | None] = ContextVar("run", default=None)
"""The analysis that all lines are about until it is set anew."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonFormatter(logging.Formatter):
    """Writes a record and what its caller passed as `extra` as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line of JSON."""
        line: dict[str, Any] = {
            "time": time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created)) + f".{int(record.msecs):03d}",
            "level": record.levelname,
            "message": record.getMessage(),
            "request_id": request_id.get(),
        }
        if (about := run.get()) is not None:
            line["run"] = about
        line.update({name: value for name, value in vars(record).items() if name not in _STANDARD})
        if record.exc_info:
            refused = _refused_by_aws(record.exc_info[1])
            if refused is None:
                line["traceback"] = self.formatException(record.exc_info)
            else:
                line["reason"] = str(refused)
        return json.dumps(line, default=str)


def _refused_by_aws(error: BaseException | None) -> BaseException | None:
    """Return what AWS answered with 5xx, if that is behind an exception: where in our code it was met says nothing."""
    behind, seen = [error], set()
    while behind:
        error = behind.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        answer = getattr(error, "response", None)  # of botocore's ClientError, which need not be imported for it
        status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(answer, dict) else None
        if status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return error
        behind += [error.__cause__, error.__context__]
    return None


@contextmanager
def request(identifier: str, about: int | None = None) -> Iterator[None]:
    """Write what is logged in here under the id of a request, and about an analysis if one is given."""
    tokens = request_id.set(identifier), run.set(about)
    try:
        yield
    finally:
        request_id.reset(tokens[0])
        run.reset(tokens[1])


def configure() -> None:
    """Write logs as JSON to standard error; called once, when the application is built."""
    if not LOGGER.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(JsonFormatter())
        LOGGER.addHandler(handler)
        LOGGER.propagate = False
    LOGGER.setLevel(settings().log_level)
