"""A run in a line, as lists show it: the short record, who started it, and what it waits for."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.users.users import remember_users, user_record
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.record import short_record
from chalicelib.analyses.read.related import Related
from chalicelib.analyses.states import State

RESOURCE_TYPE = "obj"


def readable_runs(caller: Caller, runs: Iterable[Run], related: Related) -> list[Run]:
    """Keep the runs that the caller may read, in their order; one call for a hundred sources and services."""
    candidates = [run for run in runs if run.state is not State.DELETED and caller.reaches(run.group_ids)]
    related.learn(candidates)
    return [run for run in candidates if related.readable_run(caller, run) and not related.is_hidden(run)]


def brief_records(runs: Sequence[Run], related: Related) -> list[dict[str, Any]]:
    """Return runs that the caller may read as lists show them; one call if an author is not remembered."""
    remember_users(run.author_id for run in runs)
    return [_brief(run, related) for run in runs]


def _brief(run: Run, related: Related) -> dict[str, Any]:
    author = user_record(run.author_id)
    record = short_record(run, related.service(run))
    return {
        **record,
        "resource_type": RESOURCE_TYPE,
        "service": record["analysis_service_name"],
        "author_id": run.author_id,
        "author": None if author is None else author["username"],
        "modified": run.modified,
        "batch_id": run.batch_id,
        "relay_id": run.relay_id,
        "next_try_at": _next_try(run),
        "duration": run.duration,
    }


def _next_try(run: Run) -> str | None:
    """Return when a run that waits is sent again."""
    if run.state is not State.QUEUED or not run.attempts:
        return None
    moment: str | None = run.attempts[-1].get("next_try")
    return moment
