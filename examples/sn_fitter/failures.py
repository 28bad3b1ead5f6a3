"""How a run fails: the error that bad input raises, and the document that its sender gets."""

from typing import Any

Document = dict[str, Any]
"""What is posted to the callback: status, message and analysis."""


class InputError(Exception):
    """The inputs cannot be fitted; the text says what is wrong and what to do, and becomes the run's message."""


def failure(message: str) -> Document:
    """Build the document of a run without a result."""
    return {"status": "failure", "message": message, "analysis": {}}
