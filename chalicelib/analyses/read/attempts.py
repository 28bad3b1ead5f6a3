"""The attempts of a run as its author reads them: how it was sent, and what its service posted in vain."""

from collections.abc import Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import uploading

_TOO_LARGE = 413


def attempts_of(run: Run) -> list[dict[str, Any]]:
    """Return every attempt, oldest first; results that were too large are among them."""
    refused = [_refused(run, one) for one in run.too_large or []]
    return sorted([*(run.attempts or []), *refused], key=lambda attempt: attempt["at"])


def _refused(run: Run, refusal: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "attempt": run.attempt,
        "at": refusal["at"],
        "outcome": "too_large",
        "http_status": _TOO_LARGE,
        "milliseconds": None,
        "message": uploading.refusal(refusal["bytes"], "upload_url").message,
        "next_try": None,
    }
