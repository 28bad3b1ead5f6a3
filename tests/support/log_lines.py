"""What the application logs in a test, as the objects that its lines are."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chalicelib.http.logs import LOGGER, JsonFormatter


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []
        self.setFormatter(JsonFormatter())

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(json.loads(self.format(record)))


@contextmanager
def logged() -> Iterator[list[dict[str, Any]]]:
    """Give a list that grows by each line at INFO or above; nothing of it is printed."""
    handler, others, level = _Lines(), LOGGER.handlers[:], LOGGER.level
    LOGGER.handlers[:] = [handler]
    LOGGER.setLevel(logging.INFO)
    try:
        yield handler.lines
    finally:
        LOGGER.handlers[:] = others
        LOGGER.setLevel(level)
