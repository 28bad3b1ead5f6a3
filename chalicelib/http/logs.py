"""Structured logs: one JSON object a line, with the request id and never a token."""

import json
import logging
import sys
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


class Expected(Exception):
    """What happens in the course of things: where in our code says nothing, so its own words are logged alone."""


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
            reason = _reason(record.exc_info[1])
            if reason is None:
                line["traceback"] = self.formatException(record.exc_info)
            else:
                line["reason"] = " ".join(str(reason).split())
        return json.dumps(line, default=str)


def _reason(error: BaseException | None) -> BaseException | None:
    """Return what says all: an exception that was expected, or that AWS behind one was not reached or answered 5xx."""
    if isinstance(error, Expected):
        return error
    behind, seen = [error], set()
    while behind:
        error = behind.pop()
        if error is None or id(error) in seen:
            continue
        seen.add(id(error))
        if _not_reached(error) or _answered_5xx(error):
            return error
        behind += [error.__cause__, error.__context__]
    return None


def _answered_5xx(error: BaseException) -> bool:
    answer = getattr(error, "response", None)  # of botocore's ClientError, which need not be imported for it
    status = answer.get("ResponseMetadata", {}).get("HTTPStatusCode") if isinstance(answer, dict) else None
    return status is not None and status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _not_reached(error: BaseException) -> bool:
    known = sys.modules.get("botocore.exceptions")  # same: without it nothing of it can have been raised
    return known is not None and isinstance(error, (known.HTTPClientError, known.ConnectionError))


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
