"""Cancelling what is left of a batch."""

import time
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.results.acceptance import adopt_stored_result
from chalicelib.analyses.run import transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.start.batch import owned
from chalicelib.analyses.states import OPEN, State

_SECONDS = 15.0
"""For which one request goes on; API Gateway lets it be 29 s."""


def cancel_batch(caller: Caller, batch_id: int) -> dict[str, Any]:
    """Start nothing more of a batch of one's own, and cancel its runs that have not ended; those not sent yet first.

    Returns
    -------
    dict
        How many were cancelled, and how many are left to a further request because there was no more time.

    Raises
    ------
    Forbidden
        Somebody else's batch, or there is none.
    """
    batch = owned(caller, batch_id)
    if batch.cancelled_at is None:
        batch.update(actions=[Batch.cancelled_at.set(clock.now())])
    runs = Run.batch_get([(number, RUN_SK) for number in Chunk.runs_of_batch(batch.id)], consistent_read=True)
    left = sorted((run for run in runs if run.state in OPEN), key=lambda run: run.state is State.PENDING)
    until, cancelled = time.monotonic() + _SECONDS, 0
    while left and time.monotonic() < until:
        cancelled += _cancel(caller, left.pop(0))
    return {"cancelled": cancelled, "remaining": len(left)}


def _cancel(caller: Caller, run: Run) -> bool:
    """Cancel a run unless its result has reached us; say whether it was."""
    if run.state is State.PENDING and adopt_stored_result(run, settled_only=False):
        return False
    try:
        transitions.move(run, State.CANCELLED, f"Cancelled with its batch by {caller.username}.")
    except Overtaken:
        return False
    return True
