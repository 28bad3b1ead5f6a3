"""What can be heard of: the kinds of events, and what one is. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.analyses.states import State


class Kind(StrEnum):
    """A kind of events; documented in docs/events.md."""

    COMPLETED = "analysis.completed"
    FAILED = "analysis.failed"
    TIMED_OUT = "analysis.timed_out"
    CANCELLED = "analysis.cancelled"
    BATCH_FINISHED = "batch.finished"
    PAUSED = "service.paused"
    RESUMED = "service.resumed"
    TEST = "subscription.test"


OF_STATE = {
    State.COMPLETED: Kind.COMPLETED,
    State.FAILURE: Kind.FAILED,
    State.TIMED_OUT: Kind.TIMED_OUT,
    State.CANCELLED: Kind.CANCELLED,
}
"""What the end of a run is, by its state."""

OF_RUNS = frozenset(OF_STATE.values())
OF_SERVICES = frozenset({Kind.PAUSED, Kind.RESUMED})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened."""

    kind: str
    subject_id: int
    """The run, batch or service; of a test, the subscription."""
    at: datetime

    @property
    def id(self) -> str:
        """What receivers tell repetitions by: the same whenever, and to whomever, this event is sent."""
        moment = "" if self.kind in OF_RUNS or self.kind == Kind.BATCH_FINISHED else f"_{self.at:%Y%m%d%H%M%S%f}"
        return f"evt_{self.kind.replace('.', '_')}_{self.subject_id}{moment}"
