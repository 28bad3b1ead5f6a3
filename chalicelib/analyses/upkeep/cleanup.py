"""What is done for deleted analyses in the background: their objects are removed, and those of a deleted service."""

from datetime import timedelta

from chalicelib import aws, clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.effects import take_back_effects
from chalicelib.analyses.run import list_entries, objects, owed, transitions
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.states import State
from chalicelib.analyses.upkeep import newest
from chalicelib.services.access import is_deleted

_RUNS_A_MESSAGE = 50
_WRITING = timedelta(seconds=300)
"""Longer than a collection and the products function that it calls may run: who was at work has stopped by then."""

_SETTLED = 120
"""Seconds, longer than any function that starts analyses runs and than an index lags."""


def clean(run_id: int) -> None:
    """Remove what a deleted run left: products, inputs, receipts, its entries on the source, what groups saw of it.

    Where it was the newest of its service, the one before is that again.
    """
    run = Run.find(run_id)
    if run is None or run.deleted_at is None:
        return
    take_back_effects(run)
    for prefix in (
        objects.products_prefix(run_id),
        objects.incoming_prefix(run_id),
        objects.uploads_prefix(run_id),
        f"inputs/{run_id}",
    ):
        objects.remove_below(prefix)
    list_entries.remove(run_id)
    newest.set_back(run)
    owed.expire(run)
    written_until = max(run.deleted_at + _WRITING, run.upload_until or run.deleted_at)
    if run.cleaned_at is None and clock.now() > written_until:
        # by now no function that was at work when the run was deleted can still store anything, nor its service
        transitions.note(
            run, [Run.cleaned_at.set(clock.now()), *transitions.due_at(run, None)], Run.status == str(State.DELETED)
        )


def delete_runs_of_service(service_id: int, *, is_last: bool = False) -> None:
    """Delete the analyses of a deleted service, some at a time, until none is left.

    The last message comes when nobody who read the service before it was deleted can still start an analysis.
    """
    if not is_deleted(service_id):
        return
    keys = list(Run.by_service.query(service_id, limit=_RUNS_A_MESSAGE))
    for key in keys:
        run = Run.find(key.analysis_id)
        if run is not None and run.state is not State.DELETED:
            delete(run)
    if len(keys) == _RUNS_A_MESSAGE:
        aws.send("cleanup", {"kind": "service", "service_id": service_id, "is_last": is_last}, delay_seconds=1)
    elif not is_last:
        aws.send("cleanup", {"kind": "service", "service_id": service_id, "is_last": True}, delay_seconds=_SETTLED)
