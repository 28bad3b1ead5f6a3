"""A job as its document shows it: an analysis, or a draft of one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.accounts.users.users import user_record
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.product_list import FAILED, product_list
from chalicelib.analyses.states import ENDED, State
from chalicelib.settings import settings
from chalicelib.uws.draft import Draft
from chalicelib.uws.phases import Phase, phase_of
from chalicelib.uws.values import text_of

OBJECT = "OBJ"


@dataclass(frozen=True, slots=True)
class Result:
    """Something that an analysis returned, and where it is read."""

    id: str
    href: str
    size: int | None
    media_type: str | None


@dataclass(frozen=True, slots=True)
class Job:
    """All that is known of a job; times are naive UTC."""

    id: int
    phase: Phase
    owner: str
    created: datetime
    run_name: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    seconds: int = 0
    """For which it may execute; 0 is not known yet."""
    destruction: datetime | None = None
    parameters: Mapping[str, str] = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    error: str | None = None
    is_transient: bool = False
    """Whether the same job may succeed when it is sent again."""


def job_of_draft(draft: Draft, owner: str) -> Job:
    """Return a job that was not started."""
    return Job(
        id=draft.id,
        phase=Phase.ABORTED if draft.is_aborted else Phase.PENDING,
        owner=owner,
        created=draft.created_at,
        run_name=draft.run_name,
        destruction=draft.destruction,
        parameters={**({OBJECT: draft.obj_id} if draft.obj_id else {}), **draft.parameters},
    )


def job_of_run(run: Run, draft: Draft | None) -> Job:
    """Return the job that an analysis is; what is kept of its draft says what the client calls it."""
    state = run.state
    is_error = state in {State.FAILURE, State.TIMED_OUT}
    return Job(
        id=run.id,
        phase=phase_of(state),
        owner=owner_of(run.author_id),
        created=run.created_at,
        run_name=None if draft is None else draft.run_name,
        started=_started(run),
        ended=run.last_activity if state in ENDED else None,
        seconds=round(run.timeout),
        parameters={
            OBJECT: str(run.obj_id),
            **{name: text_of(value) for name, value in run.analysis_parameters.items()},
        },
        results=tuple(_result(row) for row in product_list(run) if row["state"] != FAILED),
        error=(run.status_message or str(state)) if is_error else None,
        is_transient=state is State.TIMED_OUT,
    )


def owner_of(user_id: int) -> str:
    """Return who made a job, by name."""
    record = user_record(user_id)
    return str(user_id if record is None else record["username"])


def _started(run: Run) -> datetime | None:
    """Return when the service was last asked; None if it did not take the analysis yet."""
    if run.state is State.QUEUED or not run.attempts:
        return None
    return clock.parse(run.attempts[-1]["at"])


def _result(row: Mapping[str, Any]) -> Result:
    name = f"plot_{row['number']}" if row["kind"] == "plot" else str(row["kind"])
    return Result(name, settings().public_url + row["url"], row.get("bytes"), row.get("media_type"))
