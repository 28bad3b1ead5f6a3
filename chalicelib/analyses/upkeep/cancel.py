"""Cancelling an analysis that has not ended."""

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.acceptance import adopt_stored_result
from chalicelib.analyses.run import transitions
from chalicelib.analyses.run.access import owned
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import OPEN, State
from chalicelib.http.errors import BadRequest


def cancel(caller: Caller, analysis_id: int) -> None:
    """End an analysis; a service that has it already is not told, and its result will be refused.

    Raises
    ------
    Forbidden
        Neither its author nor a System admin.
    BadRequest
        It has ended, perhaps by a result that had reached us.
    """
    run = owned(caller, analysis_id)
    if run.state not in OPEN or adopt_stored_result(run, settled_only=False):
        raise _ended(run)
    try:
        transitions.move(run, State.CANCELLED, f"Cancelled by {caller.username}.")
    except Overtaken:
        raise _ended(run) from None


def _ended(run: Run) -> BadRequest:
    run = Run.find(run.id) or run
    return BadRequest(f"This analysis has ended already, with status {run.status!r}.")
