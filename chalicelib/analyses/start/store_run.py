"""Recording a new run under an id of its own, once, with all that must be stored together with it."""

from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError

from chalicelib import transactions
from chalicelib.analyses.items.event_marker import EventMarker
from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.items.relayed import Relayed
from chalicelib.analyses.items.restricted import Restricted
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.limits import MOST_OBJECTS
from chalicelib.analyses.run import ended, list_entries
from chalicelib.analyses.start import limits
from chalicelib.analyses.start.limits import CAP
from chalicelib.analyses.states import ENDED
from chalicelib.http.errors import BadRequest
from chalicelib.http.logs import LOGGER
from chalicelib.http.logs import run as logged_run
from chalicelib.ids import new_id
from chalicelib.metrics import measure as metrics
from chalicelib.metrics.names import Count

_IDS = 5
"""Ids that are tried for one run."""


class AlreadyStarted(Exception):
    """What arrived twice, an event or a request with an idempotency key, has started its analysis before."""

    def __init__(self, run_id: int) -> None:
        super().__init__(run_id)
        self.run_id = run_id


class IdTaken(Exception):
    """Another run has the id: two processes made the same one."""


def id_of(begin: Callable[[], Run]) -> int:
    """Begin what a request asks for and return its id, or the id under which an earlier one like it began it."""
    try:
        run_id = begin().id
    except AlreadyStarted as error:
        LOGGER.info("a request went on with an analysis that was started before", extra={"run": error.run_id})
        run_id = error.run_id
    logged_run.set(run_id)
    return run_id


def under_free_id(run_id: int | None, begin: Callable[[int], Run]) -> Run:
    """Begin a run with the id that is reserved for it or, while other runs have it, with the next of a fixed row.

    The row is the same when a request comes again, so that it finds what it began. Its steps are longer than the
    rows of ids that batches reserve.

    Raises
    ------
    AlreadyStarted
        With the id under which it was begun.
    """
    first = new_id() if run_id is None else run_id
    for turn in range(_IDS):
        try:
            return begin(first + turn * (MOST_OBJECTS + 1))
        except IdTaken:
            LOGGER.info("another run has this id", extra={"run": first, "turn": turn})
    raise RuntimeError(f"no id is free for run {first}")


def store(run: Run, count: RunCount, marker: EventMarker | None = None, beside: Relayed | None = None) -> None:
    """Store a run, what its groups see of it, the author's counts, the event's marker and what it owes, all or nothing.

    Raises
    ------
    BadRequest
        A parallel start took the last place.
    AlreadyStarted
        It is recorded, or the event of the marker started one before.
    IdTaken
        There is another run of this id.
    """

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.save(run, condition=Run.analysis_id.does_not_exist())
        for item in [*seen, *owed]:
            transaction.save(item)
        if marker is not None:
            transaction.save(marker, condition=EventMarker.analysis_id.does_not_exist())
        if counts is not None:
            field, most = counts
            has_room = None if most is None else field.does_not_exist() | (field < most)
            transaction.update(count, actions=[field.add(1)], condition=has_room)
        if run.public_obj_id is None:
            transaction.update(Restricted(run.obj_id), actions=[Restricted.group_ids.add(set(run.group_ids))])
        transaction.update(Newest(run.obj_id), actions=Newest.noting(run))

    counts = limits.counted(run)
    seen = list_entries.sights_of(run)
    owed = [] if beside is None else [beside]
    last = len(seen) + len(owed)
    place = last + (1 if marker is None else 2)

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if transactions.condition_failed(error, index=0):
            raise taken(run) from None
        if marker is not None and transactions.condition_failed(error, index=last + 1):
            raise AlreadyStarted(run.id) from None
        if counts is not None and transactions.condition_failed(error, index=place):
            raise BadRequest(CAP) from None
        raise
    _count(run)


def _count(run: Run) -> None:
    metrics.count(Count.ACCEPTED, service=run.service_id)
    if run.state in ENDED:  # uploads
        metrics.count(Count.ENDED, service=run.service_id, state=str(run.state))
        ended.tell(run)


def taken(run: Run) -> AlreadyStarted | IdTaken:
    """Say what it means that the id of a new run is in use."""
    found = Run.find(run.id)
    is_same = (
        found is not None
        and (found.author_id, found.batch_id) == (run.author_id, run.batch_id)
        and (found.obj_id or found.buried_obj_id) == run.obj_id
        and found.service_id in {run.service_id, None}  # a tombstone has none
    )
    return AlreadyStarted(run.id) if is_same else IdTaken(run.id)
