"""Claiming a run, so that one dispatcher sends it."""

from datetime import datetime

from chalicelib import clock
from chalicelib.analyses import timing
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.http.logs import Expected


class LeaseHeld(Expected):
    """Another dispatcher is sending this run; the message is to come back later."""


def claim(run_id: int, attempt: int, timeout_seconds: float, answer_by: datetime | None = None) -> Run | None:
    """Take a run for this process, and set when its token expires; None if there is nothing to send.

    That is after the timeout, and not after `answer_by`.

    Raises
    ------
    LeaseHeld
        Another dispatcher has it.
    """
    run = Run(run_id)
    now = clock.now()
    expires = timing.invalid_after(now, timeout_seconds)
    try:
        transitions.note(
            run,
            [
                Run.lease_until.set(now + timing.LEASE),
                Run.invalid_after.set(expires if answer_by is None else min(expires, answer_by)),
                *transitions.due_at(run, now + timing.LEASE),
            ],
            (Run.status == str(State.QUEUED))
            & (Run.attempt == attempt)
            & (Run.lease_until.does_not_exist() | (Run.lease_until < now)),
        )
    except Overtaken:
        stored = Run.find(run_id)
        if stored is not None and stored.state is State.QUEUED and stored.attempt == attempt:
            raise LeaseHeld(f"run {run_id} is being sent by another dispatcher") from None
        return None
    return run
