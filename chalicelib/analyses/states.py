"""The states of an analysis and their rules: pure, and the only place that decides them.

    queued ──▶ pending ──▶ completed | failure | timed_out | cancelled ──▶ deleted
       └──────────────────────▲

A result may overtake the acknowledgement of its dispatch, so `queued` leads to every end as well. Nothing leads back.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.analyses.timing import GRACE, uploads_dropped_at


class State(StrEnum):
    """Where an analysis is on its way; `deleted` is a tombstone that no reader sees."""

    QUEUED = "queued"
    PENDING = "pending"
    COMPLETED = "completed"
    FAILURE = "failure"
    TIMED_OUT = "timed_out"
    CANCELLED = "cancelled"
    DELETED = "deleted"


MEANINGS = {
    State.QUEUED: "recorded, and waiting to be sent; the message says what was tried, and when next",
    State.PENDING: "the service took it; its result must come before `invalid_after`",
    State.COMPLETED: "a result came and says success",
    State.FAILURE: "the service said so, refused it, or was not reached before the deadline: the message says which",
    State.TIMED_OUT: "the service took it, and nothing came in time",
    State.CANCELLED: "somebody cancelled it; what comes later is refused",
    State.DELETED: "nobody sees it any more",
}
"""For people."""

OPEN = frozenset({State.QUEUED, State.PENDING})


ENDED = frozenset({State.COMPLETED, State.FAILURE, State.TIMED_OUT, State.CANCELLED})


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
