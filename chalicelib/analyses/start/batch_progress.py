"""How far a batch of analyses is."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.start.batch import owned
from chalicelib.analyses.states import OPEN

_MOST_REFUSALS = 1000
_GONE = "deleted"


def progress(caller: Caller, batch_id: int) -> dict[str, Any]:
    """Return the progress of a batch to its author or a System admin.

    Two calls once all has ended; before, one for every hundred analyses besides.

    Raises
    ------
    Forbidden
        Somebody else, or there is no such batch.
    """
    batch = owned(caller, batch_id)
    chunks = list(Chunk.of_batch(batch_id))
    refused = [{"obj_id": obj_id, "reason": reason} for chunk in chunks for obj_id, reason in chunk.refusals]
    run_ids = [number for chunk in chunks for number in chunk.run_ids if number is not None]
    states = _states(batch, run_ids)
    return {
        "id": batch.id,
        "analysis_service_id": batch.called_service_id,
        "author_id": batch.author_id,
        "created_at": clock.iso(batch.created_at),
        "total": batch.total,
        "created": batch.created,
        "refused": batch.refused,
        "waiting": batch.total - batch.created - batch.refused,
        "by_state": states,
        "n": batch.total,
        "counts": states,
        "cancelled": batch.cancelled_at is not None,
        "runs": run_ids,
        "refusals": refused[:_MOST_REFUSALS],
    }


def note_final_states(batch: Batch, states: Mapping[str, int], runs: int) -> dict[str, int]:
    """Return how many runs are in which state, those that are gone as deleted, and keep it once all have ended."""
    missing = runs - sum(states.values())
    counted = {**states, **({_GONE: states.get(_GONE, 0) + missing} if missing else {})}
    if len(batch.expanded) == batch.chunks and not any(str(state) in counted for state in OPEN):
        batch.update(actions=[Batch.final_states.set(counted)])
    return counted


def _states(batch: Batch, run_ids: list[int]) -> dict[str, int]:
    if batch.final_states is not None:
        known: dict[str, int] = batch.final_states
        return known
    states = Counter(run.status for run in Run.batch_get([(number, RUN_SK) for number in run_ids]))
    return note_final_states(batch, states, len(run_ids))
