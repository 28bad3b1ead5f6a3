"""Deleting analyses: hidden at once by a tombstone, their objects removed in the background."""

import time
from datetime import timedelta

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock
from chalicelib.analyses import lifecycle, moves, objects, sights
from chalicelib.analyses.effects import take_back_effects
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.model import Run
from chalicelib.analyses.moves import Overtaken
from chalicelib.http.logs import LOGGER
from chalicelib.services.access import is_deleted

TOMBSTONE_SECONDS = 2 * 24 * 3600
"""How long a tombstone keeps late updates from bringing a run back."""

_RUNS_A_MESSAGE = 50
_WRITING = timedelta(seconds=300)
"""Longer than a collection and the products function that it calls may run: who was at work has stopped by then."""

_SETTLED = 120
"""Seconds, longer than any function that starts analyses runs and than an index lags."""


def delete(run: Run) -> None:
    """Put a tombstone in place of a run and have its objects removed.

    The tombstone leaves every index but the one by due, which removes what a lost message leaves behind.
    """
    while True:
        try:
            _bury(run)
            break
        except Overtaken:
            # it ended in between: the counts depend on how
            found = Run.find(run.id)
            if found is None or found.state is State.DELETED:
                return
            run = found
    try:
        aws.send("cleanup", {"kind": "run", "run": run.id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("a run was deleted, but the cleanup queue did not take its message", exc_info=True)


def _bury(run: Run) -> None:
    now = clock.now()
    moves.move(
        run,
        State.DELETED,
        None,
        actions=[
            Run.deleted_at.set(now),
            Run.buried_obj_id.set(run.obj_id),
            Run.obj_id.remove(),
            Run.public_obj_id.remove(),
            Run.service_id.remove(),
            Run.expires.set(int(time.time()) + TOMBSTONE_SECONDS),
        ],
        condition=moves.counted_condition(run),
        due=now + lifecycle.FIRST_DELAY,
    )


def clean(run_id: int) -> None:
    """Remove what a deleted run left: products, inputs, receipts, its entries on the source, what groups saw of it."""
    run = Run.find(run_id)
    if run is None or run.deleted_at is None:
        return
    take_back_effects(run)
    for prefix in (objects.products_prefix(run_id), objects.incoming_prefix(run_id), f"inputs/{run_id}"):
        objects.remove_below(prefix)
    sights.remove(run_id)
    if run.cleaned_at is None and clock.now() - run.deleted_at > _WRITING:
        # by now no function that was at work when the run was deleted can still store anything
        moves.note(run, [Run.cleaned_at.set(clock.now()), *run.due_at(None)], Run.status == str(State.DELETED))


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
