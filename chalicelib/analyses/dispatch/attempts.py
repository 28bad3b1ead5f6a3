"""What became of each dispatch of a run, kept on its record for its author."""

from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.timing import LEASE
from chalicelib.http.logs import LOGGER
from chalicelib.outgoing.post import Outcome

MOST = 30
"""Attempts that are kept; the oldest go first."""

_MOST_CHARACTERS = 200
_INTERRUPTED = "interrupted"
_UNKNOWN = "The dispatcher was interrupted; whether the service got the analysis is not known."


def with_outcome(run: Run, outcome: Outcome, next_try: datetime | None) -> list[dict[str, Any]]:
    """Return the attempts of a run, with one that has just been made, and log it.

    Each is: attempt, its number; at, when it began; outcome ("taken", "refused", "retry", "unknown", "interrupted");
    http_status; milliseconds; message; next_try.
    """
    facts = {"run": run.id, "service": run.service_id, "attempt": run.attempt, "outcome": outcome.kind}
    LOGGER.info("dispatched", extra={**facts, "http_status": outcome.http_status, "milliseconds": outcome.milliseconds})
    began = clock.now() - timedelta(milliseconds=outcome.milliseconds)
    return _with(run, began, outcome.kind, outcome.text, outcome.http_status, outcome.milliseconds, next_try)


def with_interruption(run: Run, next_try: datetime | None) -> list[dict[str, Any]]:
    """Return the attempts of a run whose last one left nothing but its lease."""
    return _with(run, run.lease_until - LEASE, _INTERRUPTED, _UNKNOWN, None, None, next_try)


def interruptions(run: Run) -> int:
    """Return how many attempts in a row left nothing but their lease, up to now; no dispatcher has the run."""
    recorded = takewhile(lambda made: made["outcome"] == _INTERRUPTED, reversed(run.attempts or []))
    return len(list(recorded)) + (run.lease_until is not None)


def _with(  # noqa: PLR0913, PLR0917 - the columns of the record
    run: Run,
    began: datetime,
    outcome: str,
    message: str,
    http_status: int | None,
    milliseconds: int | None,
    next_try: datetime | None,
) -> list[dict[str, Any]]:
    new = {
        "attempt": run.attempt,
        "at": clock.iso(began),
        "outcome": outcome,
        "http_status": http_status,
        "milliseconds": milliseconds,
        "message": message[:_MOST_CHARACTERS],
        "next_try": None if next_try is None else clock.iso(next_try),
    }
    return [*(run.attempts or []), new][-MOST:]
