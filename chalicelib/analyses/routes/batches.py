"""Endpoints of batches: one service over many objects."""

from typing import Any

from pynamodb.exceptions import PutError

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.idempotency import once
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses import answers
from chalicelib.analyses.bodies import NewBatch
from chalicelib.analyses.items.batch import Batch
from chalicelib.analyses.routes.blueprint import blueprint
from chalicelib.analyses.start import batch
from chalicelib.analyses.start.batch_progress import progress
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply
from chalicelib.ids import new_ids


@endpoint(
    blueprint,
    "POST",
    "/api/analysis_batch",
    permission=RUN_ANALYSES,
    answers=answers.NewBatch,
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


@endpoint(blueprint, "GET", "/api/analysis_batch/{batch_id}", answers=answers.BatchProgress)
def read_batch(caller: Caller, batch_id: int) -> dict[str, Any]:
    """See how far a batch of one's own is."""
    return progress(caller, batch_id)
