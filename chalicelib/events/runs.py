"""The ends of runs, and of their batches, as events."""

import time
from collections.abc import Iterable

from chalicelib import clock
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.states import OPEN, State
from chalicelib.events import known
from chalicelib.events.items.batch_watch import BatchWatch
from chalicelib.events.kinds import OF_STATE, Event, Kind
from chalicelib.events.record import Happening, record

_READ_AT_ONCE = 100
_KEPT_SECONDS = 90 * 24 * 3600


def tell_of(run_ids: Iterable[int]) -> int:
    """Tell of the ends of runs, and of the batches that this finishes; one call for a hundred, and what `record` takes.

    Return how many deliveries are new.
    """
    wanted = sorted(set(run_ids))
    count = 0
    for first in range(0, len(wanted), _READ_AT_ONCE):
        keys = [(number, RUN_SK) for number in wanted[first : first + _READ_AT_ONCE]]
        runs = [run for run in Run.batch_get(keys, consistent_read=True) if run.state in OF_STATE]
        count += record([_end_of(run) for run in runs])
        followed = {one.author_id for one in known.active() if Kind.BATCH_FINISHED in one.events}
        batches = {run.batch_id for run in runs if run.batch_id is not None and run.author_id in followed}
        count += sum(tell_of_batch(number) for number in sorted(batches))
    return count


def tell_of_batch(batch_id: int) -> int:
    """Tell of a batch if all of its runs have ended; return how many deliveries are new."""
    batch = Batch.find(batch_id)
    followed = {one.author_id for one in known.active() if Kind.BATCH_FINISHED in one.events}
    if batch is None or batch.author_id not in followed or len(batch.expanded) < batch.chunks:
        return 0
    watch = BatchWatch.find(batch_id) or BatchWatch(batch_id, expires=int(time.time()) + _KEPT_SECONDS)
    if watch.finished_at is None:
        run_ids = Chunk.runs_of_batch(batch_id)
        ended = _ended(run_ids, watch.ended)
        watch.note(ended, clock.now() if ended == len(run_ids) else None)
    if watch.finished_at is None:
        return 0
    return record([Happening(Event(Kind.BATCH_FINISHED, batch_id, watch.finished_at), author_id=batch.author_id)])


def _end_of(run: Run) -> Happening:
    event = Event(OF_STATE[State(run.status)], run.id, run.last_activity)
    return Happening(event, frozenset(run.group_ids) | frozenset(run.listed_group_ids))


def _ended(run_ids: list[int], known_to: int) -> int:
    """Return how many of these runs have ended, in their order, before one that has not."""
    for first in range(known_to, len(run_ids), _READ_AT_ONCE):
        part = run_ids[first : first + _READ_AT_ONCE]
        found = Run.batch_get(
            [(number, RUN_SK) for number in part],
            consistent_read=True,
            attributes_to_get=["analysis_id", "sk", "status"],
        )
        is_open = {run.id for run in found if run.state in OPEN}
        for place, number in enumerate(part, first):
            if number in is_open:
                return place
    return len(run_ids)
