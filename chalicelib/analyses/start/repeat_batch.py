"""What failed, once more: a batch whose runs each repeat another one, with its parameters and its inputs."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from itertools import islice

from chalicelib import ids
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.limits import MOST_OBJECTS
from chalicelib.analyses.start import batch
from chalicelib.analyses.start.start import check_is_called, usable_service
from chalicelib.analyses.states import State
from chalicelib.http.errors import BadRequest
from chalicelib.services.items.service import Service

FAILED = frozenset({State.FAILURE, State.TIMED_OUT})
MOST_LOOKED_AT = 10_000

_LATE = timedelta(hours=1)
"""As for lists: a batch's runs have ids from when it was posted."""


def of_batch(caller: Caller, batch_id: int) -> list[Run]:
    """Return the runs of a batch of one's own that failed.

    Raises
    ------
    Forbidden
        Somebody else's batch, or there is none.
    BadRequest
        None failed.
    """
    found = batch.owned(caller, batch_id)
    numbers = Chunk.runs_of_batch(found.id)
    return _failed(caller, _read(numbers), FAILED, None)


def of_service(caller: Caller, service_id: int, since: datetime, states: Collection[State]) -> list[Run]:
    """Return the newest runs of a service, started since a moment, that failed and that the caller may repeat.

    These are the caller's own, and all for a System admin; of at most `MOST_LOOKED_AT` runs.

    Raises
    ------
    Forbidden
        The caller may not use the service.
    BadRequest
        None failed.
    """
    check_is_called(usable_service(caller, service_id, Service.of_id(service_id)))
    bounds = Run.analysis_id >= ids.first_id_of(since, -_LATE)
    keys = islice(Run.by_service.query(service_id, bounds, scan_index_forward=False), MOST_LOOKED_AT)
    return _failed(caller, _read([key.analysis_id for key in keys]), states, since)


def repeat(caller: Caller, batch_id: int, runs: list[Run]) -> Batch:
    """Record a batch that repeats runs of one service; the same one again if it is recorded already."""
    options = {"repeats": [run.id for run in runs]}
    return batch.record(caller, batch_id, runs[0].service_id, [run.obj_id for run in runs], options)


def _read(numbers: Collection[int]) -> Iterator[Run]:
    return iter(Run.batch_get([(number, RUN_SK) for number in numbers]))


def _failed(caller: Caller, runs: Iterator[Run], states: Collection[State], since: datetime | None) -> list[Run]:
    found = [
        run
        for run in runs
        if run.state in states
        and (caller.is_admin or run.author_id == caller.user_id)
        and (since is None or run.created_at >= since)
    ]
    if not found:
        raise BadRequest("Nothing of yours has failed there: there is nothing to repeat.")
    return sorted(found, key=lambda run: run.id)[-MOST_OBJECTS:]
