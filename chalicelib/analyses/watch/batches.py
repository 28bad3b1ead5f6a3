"""The batches of a person, newest first, with how far each is."""

from collections import Counter
from itertools import islice
from typing import Any, NamedTuple

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.batch import BATCH_SK, Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.start.batch_progress import note_final_states
from chalicelib.analyses.watch.facts import facts_of
from chalicelib.services.items.service import Service

MOST_COUNTED = 20_000
"""Runs of batches that have not ended; older batches than fit in are listed without their counts."""


class Page(NamedTuple):
    """Records, and the id below which the next page begins."""

    records: list[dict[str, Any]]
    next_before: int | None


def batches_of(caller: Caller, before: int | None, rows: int) -> Page:
    """List the batches that the caller posted.

    Three calls, one for each that has not ended, and one for a hundred of their runs that have not.
    """
    below = None if before is None else Batch.analysis_id < before
    of_author = Batch.by_author.query(Batch.listed_for(caller.user_id), below, scan_index_forward=False, limit=rows + 1)
    numbers = [key.analysis_id for key in islice(of_author, rows + 1)]
    found = {batch.id: batch for batch in Batch.batch_get([(number, BATCH_SK) for number in numbers[:rows]])}
    batches = [found[number] for number in numbers[:rows] if number in found]
    services = {one.service_id: one for one in Service.of_ids({batch.called_service_id for batch in batches})}
    room, records = MOST_COUNTED, []
    for batch in batches:
        counts = _counts(batch) if batch.final_states is not None or room > 0 else {}
        room -= 0 if batch.final_states is not None else batch.total
        records.append(_record(batch, services.get(batch.called_service_id), counts))
    return Page(records, numbers[rows - 1] if len(numbers) > rows else None)


def _counts(batch: Batch) -> dict[str, int]:
    if batch.final_states is not None:
        known: dict[str, int] = batch.final_states
        return known
    numbers = Chunk.runs_of_batch(batch.id)
    counted = Counter(str(facts.state) for facts in facts_of(numbers).values())
    return note_final_states(batch, counted, len(numbers))


def _record(batch: Batch, service: Service | None, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "id": batch.id,
        "analysis_service_id": batch.called_service_id,
        "service": None if service is None else service.display_name or service.name,
        "author_id": batch.author_id,
        "created_at": batch.created_at,
        "n": batch.total,
        "refused": batch.refused,
        "cancelled": batch.cancelled_at is not None,
        "counts": counts,
    }
