"""The states of an analysis and their rules: pure, and the only place that decides them.

    queued ──▶ pending ──▶ completed | failure | timed_out | cancelled ──▶ deleted
       └──────────────────────▲

A result may overtake the acknowledgement of its dispatch, so `queued` leads to every end as well. Nothing leads back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random


class State(StrEnum):
    """Where an analysis is on its way; `deleted` is a tombstone that no reader sees."""

    QUEUED = "queued"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILURE = "failure"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    DELETED = "deleted"


OPEN = frozenset({State.QUEUED, State.PENDING})
ENDED = frozenset({State.COMPLETED, State.FAILURE, State.TIMED_OUT, State.CANCELLED})

_SOURCES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset(),
    State.PENDING: frozenset({State.QUEUED}),
    **dict.fromkeys(ENDED, OPEN),
    State.DELETED: OPEN | ENDED,
}

SHORTEST_SENDING = timedelta(seconds=60)
LEASE = timedelta(seconds=90)
"""Longer than the dispatch function may run (60 s): a lease that has passed belonged to one that died."""

GRACE = timedelta(seconds=60)
"""Longer than a webhook may run: who read the run as valid has stored its result before the run is ended."""

SETTLING = timedelta(seconds=60)
"""A stored, uncommitted result of this age was left by a webhook that died."""

FIRST_DELAY = timedelta(seconds=60)
LONGEST_DELAY = timedelta(minutes=15)
"""Also the longest delay of an SQS message."""

LONGEST_WAIT = timedelta(hours=24)
"""How long a run may wait to be sent that is one of many: of a batch, or for a service with max_in_flight."""

FAILURES_TO_PAUSE = 5
RUNS_TO_PAUSE = 2
"""So many failed dispatches in a row, of so many runs, pause a service: one run alone may be what it cannot take."""

INTERRUPTIONS = 5
"""So many dispatchers in a row that die with a run end it, as five receipts of one message do."""

_RETRY_BASE = timedelta(seconds=2)


def may_become(state: State) -> frozenset[State]:
    """Return the states that lead to this one."""
    return _SOURCES[state]


def send_before(started: datetime, timeout_seconds: float, *, patient: bool = False) -> datetime:
    """Return until when a run may still be sent: its start plus the larger of its timeout and 60 s.

    A patient run, one of many, has at least a day.
    """
    return started + max(timedelta(seconds=timeout_seconds), LONGEST_WAIT if patient else SHORTEST_SENDING)


def invalid_after(sent: datetime, timeout_seconds: float) -> datetime:
    """Return until when the webhook token is valid: sending plus the service's timeout."""
    return sent + timedelta(seconds=timeout_seconds)


def uploads_dropped_at(upload_until: datetime | None) -> datetime | None:
    """Return when uploads that were never committed are removed; None if nothing could be uploaded."""
    return None if upload_until is None else upload_until + GRACE


def look_again_delay(looks: int) -> timedelta:
    """Return how long the sweep leaves a run alone after it looked `looks` times: 1, 2, 4, 8, 15, 15 … minutes."""
    doublings: int = 2 ** min(looks, 10)
    return min(FIRST_DELAY * doublings, LONGEST_DELAY)


def resend_delay(interruptions: int) -> timedelta:
    """Return how long a run waits after so many dispatchers in a row died with it: 0, 1, 4, 15 minutes.

    What kills them may be an outage: together with the leases this takes as long as five receipts of one message.
    """
    return look_again_delay(2 * (interruptions - 2)) if interruptions > 1 else timedelta(0)


def pause_length(pauses: int) -> timedelta:
    """Return how long a service is paused that was paused so often in a row before: 1, 2, 4, 8, 15, 15 … minutes."""
    return look_again_delay(pauses)


def is_to_pause(failures: int, runs: int) -> bool:
    """Say whether a service that failed so often in a row, with so many runs, is paused."""
    return failures >= FAILURES_TO_PAUSE and runs >= RUNS_TO_PAUSE


def retry_delay(attempt: int, retry_after_seconds: float | None, random: Random) -> timedelta:
    """Return the wait after a failed attempt, from 1: exponential with full jitter, never less than Retry-After.

    The jitter is drawn from the whole interval, so that runs that failed together do not come back together
    (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
    """
    doublings: int = 2 ** min(attempt, 20)
    ceiling = min(_RETRY_BASE * doublings, LONGEST_DELAY)
    delay = timedelta(seconds=1) + ceiling * random.random()
    return max(delay, timedelta(seconds=retry_after_seconds or 0))


class Step(StrEnum):
    """What the sweep does with a run that is due."""

    WAIT = "wait"
    SEND = "send"
    LOOK = "look"
    FAIL = "fail"
    TIME_OUT = "time_out"
    COLLECT = "collect"
    CLEAN = "clean"
    DROP_UPLOADS = "drop_uploads"


@dataclass(frozen=True, slots=True)
class Progress:
    """The facts about a run on which the sweep decides."""

    state: State
    send_before: datetime
    invalid_after: datetime
    lease_until: datetime | None
    to_collect: bool
    """Whether a result was accepted whose products are not stored yet."""
    to_clean: bool
    """Whether objects of a deleted run may be left."""
    upload_until: datetime | None = None
    """Until when large results may be uploaded, if they may."""


def due_step(progress: Progress, now: datetime) -> Step:
    """Decide what is to be done with a run whose time has come.

    Before a run is failed or timed out, whoever does it looks for a stored result that was never committed.
    """
    if progress.state is State.DELETED:
        return Step.CLEAN if progress.to_clean else Step.WAIT
    if progress.state in ENDED:
        if progress.to_collect:
            return Step.COLLECT
        dropped_at = uploads_dropped_at(progress.upload_until)
        return Step.DROP_UPLOADS if dropped_at is not None and now >= dropped_at else Step.WAIT
    if progress.state is State.PENDING:
        return Step.TIME_OUT if now >= progress.invalid_after + GRACE else Step.LOOK
    if progress.lease_until is not None and now < progress.lease_until:
        return Step.WAIT
    return Step.FAIL if now >= progress.send_before else Step.SEND
