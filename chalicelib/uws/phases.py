"""Phases of UWS 1.1, and the states of an analysis that they stand for.

https://www.ivoa.net/documents/UWS/20161024/, section 2.1.3. HELD, SUSPENDED, UNKNOWN and ARCHIVED do not happen here:
an analysis that waits for its service is QUEUED.
"""

from collections.abc import Collection
from enum import StrEnum

from chalicelib.analyses.states import State


class Phase(StrEnum):
    """Where a job is on its way."""

    PENDING = "PENDING"
    QUEUED = "QUEUED"
    EXECUTING = "EXECUTING"
    COMPLETED = "COMPLETED"
    ERROR = "ERROR"
    ABORTED = "ABORTED"
    UNKNOWN = "UNKNOWN"
    HELD = "HELD"
    SUSPENDED = "SUSPENDED"
    ARCHIVED = "ARCHIVED"


ACTIVE = frozenset({Phase.PENDING, Phase.QUEUED, Phase.EXECUTING})
"""In which a client may wait."""

_OF_STATE = {
    State.QUEUED: Phase.QUEUED,
    State.PENDING: Phase.EXECUTING,
    State.COMPLETED: Phase.COMPLETED,
    State.FAILURE: Phase.ERROR,
    State.TIMED_OUT: Phase.ERROR,
    State.CANCELLED: Phase.ABORTED,
}


def phase_of(state: State) -> Phase:
    """Return the phase of an analysis that is not deleted."""
    return _OF_STATE[state]


def states_of(phases: Collection[Phase]) -> frozenset[State]:
    """Return the states of an analysis that are in some phases."""
    return frozenset(state for state, phase in _OF_STATE.items() if phase in phases)
