"""How an analysis fails, and the document that says so."""

from typing import Any

Document = dict[str, Any]
"""What comes from a sender or goes back to it."""


class CannotAnalyse(Exception):
    """What came cannot be analysed; the text tells the astronomer what is wrong and what to do about it."""


def failure(message: str) -> Document:
    """Build the document of a run without a result."""
    return {"status": "failure", "message": message, "analysis": {}}
