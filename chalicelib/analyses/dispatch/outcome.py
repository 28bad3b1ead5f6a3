"""Recording what became of an attempt: the run is pending, waits for the next one, or has ended."""

import random
from datetime import datetime

from chalicelib import clock
from chalicelib.analyses import timing
from chalicelib.analyses.dispatch.attempts import with_outcome
from chalicelib.analyses.dispatch.backoff import retry_delay
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import acceptance
from chalicelib.analyses.run import dispatch_queue, transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.metrics.measure import count
from chalicelib.metrics.names import Count
from chalicelib.outgoing.post import Outcome

_random = random.SystemRandom()
_FAILURES = {
    "refused": "The service refused the analysis.",
    "retry": "The service did not take the analysis in time.",
}


def record(run: Run, outcome: Outcome) -> None:
    """Record an attempt and what follows from it; a result that has overtaken it stands.

    Raises
    ------
    Overtaken
        The run has ended, or was sent again.
    """
    now = clock.now()
    next_try = _next_try(run, outcome, now) if outcome.kind == "retry" else None
    made = [Run.attempts.set(with_outcome(run, outcome, next_try))]
    is_place_free = False
    try:
        if outcome.kind in {"taken", "unknown"}:
            first_look = min(now + timing.FIRST_DELAY, run.invalid_after + timing.GRACE)
            same = Run.attempt == run.attempt
            transitions.move(run, State.PENDING, outcome.text, actions=made, due=first_look, condition=same)
        elif next_try is None:
            acceptance.end(run, State.FAILURE, f"{_FAILURES[outcome.kind]} {_reason(outcome)}", made)
        else:
            message = transitions.waiting_message(_reason(outcome), next_try)
            is_place_free = transitions.wait(run, message, _due(now, next_try), [*made, Run.tries.set(run.tries + 1)])
            count(Count.RETRIED, service=run.service_id)
    except Overtaken:
        transitions.note_attempt(run, made)
        raise
    if next_try is not None:
        delay = next_try - now if _goes_by_queue(now, next_try) else None
        dispatch_queue.send(run, delay, is_place_free=is_place_free)


def _next_try(run: Run, outcome: Outcome, now: datetime) -> datetime | None:
    """Return when the run is tried again, or None if that would come too late."""
    next_try = now + retry_delay(run.tries + 1, outcome.retry_after_seconds, _random)
    return next_try if next_try <= run.send_before else None


def _goes_by_queue(now: datetime, next_try: datetime) -> bool:
    """Say whether the next try is a delayed message; a later one is the sweep's."""
    return next_try - now <= timing.LONGEST_DELAY


def _due(now: datetime, next_try: datetime) -> datetime:
    """Return when the sweep is to look: a message may be lost."""
    return next_try + timing.FIRST_DELAY if _goes_by_queue(now, next_try) else next_try


def _reason(outcome: Outcome) -> str:
    """Return why the service did not take a run: its answer with the HTTP status, or what went wrong before."""
    if outcome.http_status is None:
        return outcome.text
    return f"It answered HTTP {outcome.http_status}: {outcome.text}".strip(" :") + "."
