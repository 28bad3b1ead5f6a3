"""How many analyses the site allows one author on one object."""

from chalicelib.analyses import states
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.states import State
from chalicelib.attributes import IntegerAttribute
from chalicelib.http.errors import BadRequest
from chalicelib.settings import settings

CAP = (
    "You have reached the maximum number of analyses for this object. "
    "Please delete some analyses before attempting to start more analyses."
)


def check_cap(count: RunCount) -> None:
    """Refuse more runs than the site allows one author on one object.

    Raises
    ------
    BadRequest
        The cap of completed or of open runs is reached.
    """
    check_completed(count)
    if count.open_runs >= settings().max_open_analyses:
        raise BadRequest(
            f"You have {count.open_runs} analyses of this object that have not ended, as many as are allowed at once. "
            "Please wait for one of them to end."
        )


def check_completed(count: RunCount) -> None:
    """Refuse more completed runs than the site allows one author on one object.

    Raises
    ------
    BadRequest
        The cap is reached.
    """
    if count.completed_runs >= settings().max_completed_analyses:
        raise BadRequest(CAP)


def counted(run: Run) -> tuple[IntegerAttribute, int | None] | None:
    """Return which of the counts a new run adds to, and how far that may go; what other portals ask for they limit."""
    if run.state in states.OPEN:
        return RunCount.open_runs, settings().max_open_analyses if run.relay_id is None else None
    if run.state is State.COMPLETED:
        return RunCount.completed_runs, settings().max_completed_analyses
    return None
