"""Endpoints of batches: one service over many objects."""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import Field
from pynamodb.exceptions import PutError

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.idempotency import once
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.bodies import NewBatch
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.limits import MOST_OBJECTS
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.start import batch, repeat_batch
from chalicelib.analyses.start.batch_progress import progress
from chalicelib.analyses.states import State
from chalicelib.analyses.upkeep.cancel_batch import cancel_batch
from chalicelib.analyses.watch.batches import batches_of
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.moments import Moment
from chalicelib.http.pages import PageSize, link_to_next
from chalicelib.http.parsing import Body, Id, Query
from chalicelib.ids import new_ids


@endpoint(
    blueprint,
    "POST",
    "/api/analysis_batch",
    permission=RUN_ANALYSES,
    answers=lambda: answers.NewBatch,
    repeatable=True,
)
def start_batch(caller: Caller, body: NewBatch, incoming: Incoming) -> Reply:
    """Start analyses of up to 10 000 objects by one service; answers before the first of them is recorded."""

    def accepted(batch_id: int) -> dict[str, Any]:
        try:
            total = batch.accept(caller, batch_id, body).total
        except PutError:
            found = Batch.find(batch_id)
            if found is None:
                raise
            total = found.total
        return {"id": batch_id, "total": total}

    return once(caller, incoming, accepted, reserve=lambda: new_ids(len(body.obj_ids) + 1)[0])


class BatchesQuery(Query):
    """Which page."""

    cursor: Id | None = None
    n: PageSize = 20


@endpoint(blueprint, "GET", "/api/analysis_batch", answers=lambda: answers.Batches, compressed=True)
def list_batches(caller: Caller, query: BatchesQuery, incoming: Incoming) -> Reply:
    """List one's own batches, newest first, with how many of their analyses are in which state."""
    page = batches_of(caller, query.cursor, query.n)
    return success({"batches": page.records}, link_to_next(incoming.path, incoming.query, page.next_before))


@endpoint(
    blueprint,
    "POST",
    "/api/analysis_batch/{batch_id}/cancel",
    permission=RUN_ANALYSES,
    answers=lambda: answers.CancelledBatch,
)
def cancel_batch_of_analyses(caller: Caller, batch_id: int) -> dict[str, Any]:
    """Start nothing more of a batch of one's own, and cancel its analyses that have not ended.

    What is left when the time of one request is over is `remaining`: ask again.
    """
    return cancel_batch(caller, batch_id)


@endpoint(
    blueprint,
    "POST",
    "/api/analysis_batch/{batch_id}/retry_failed",
    permission=RUN_ANALYSES,
    answers=lambda: answers.RetriedBatch,
    repeatable=True,
)
def retry_failed_of_batch(caller: Caller, batch_id: int, incoming: Incoming) -> Reply:
    """Repeat what failed or timed out of a batch of one's own, as a new batch."""
    return _repeated(caller, incoming, lambda: repeat_batch.of_batch(caller, batch_id))


class RetryBody(Body):
    """Which failures."""

    since: Moment
    states: Annotated[tuple[Literal["failure", "timed_out", "cancelled"], ...], Field(min_length=1)] = (
        "failure",
        "timed_out",
    )


@endpoint(
    blueprint,
    "POST",
    "/api/analysis_service/{service_id}/retry_failed",
    permission=RUN_ANALYSES,
    answers=lambda: answers.RetriedBatch,
    repeatable=True,
)
def retry_failed_of_service(caller: Caller, service_id: int, body: RetryBody, incoming: Incoming) -> Reply:
    """Repeat what a service has failed since a moment: one's own analyses, or all for a System admin, as a batch."""
    states = frozenset(map(State, body.states))
    return _repeated(caller, incoming, lambda: repeat_batch.of_service(caller, service_id, body.since, states))


def _repeated(caller: Caller, incoming: Incoming, find: Callable[[], list[Run]]) -> Reply:
    def accepted(batch_id: int) -> dict[str, Any]:
        found = Batch.find(batch_id)  # recorded by a request whose answer was lost
        if found is None:
            found = repeat_batch.repeat(caller, batch_id, find())
        return {"batch_id": found.id, "total": found.total}

    return once(caller, incoming, accepted, reserve=lambda: new_ids(MOST_OBJECTS + 1)[0])


@endpoint(blueprint, "GET", "/api/analysis_batch/{batch_id}", answers=lambda: answers.BatchProgress)
def read_batch(caller: Caller, batch_id: int) -> dict[str, Any]:
    """See how far a batch of one's own is."""
    return progress(caller, batch_id)
