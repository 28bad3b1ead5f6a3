"""What a service posts back, with nothing but the single-use token in the URL."""

from typing import Any

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import acceptance, uploading
from chalicelib.analyses.results.posted import checked
from chalicelib.analyses.run import objects, transitions, webhook_token
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import OPEN, State
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.http.logs import LOGGER
from chalicelib.http.logs import run as logged_run
from chalicelib.http.reading import json_object


def receive(token: str, raw: bytes) -> dict[str, Any]:
    """Accept a result, once.

    Raises
    ------
    Forbidden
        An unknown or used token.
    BadRequest
        The body, or the analysis in it, is not a JSON object, or it commits an upload that is not there: the token
        stays valid. Or the token has expired.
    """
    run_id = webhook_token.run_of(token)
    logged_run.set(run_id)
    if run_id is None:
        raise Forbidden("Invalid token")
    posted = checked(json_object(raw, any_text=True))
    run = _still_open(run_id)
    if clock.now() > run.invalid_after:
        _expire(run)
    if uploading.is_commit(posted):
        receipt = uploading.take(objects.upload_key(run.id), run.id, posted)
    else:
        receipt = acceptance.store(run.id, posted)
    try:
        acceptance.commit(run, receipt, posted)
    except Overtaken:
        _give_way(run.id, receipt)
    return {"status": "success"}


def form(token: str) -> dict[str, Any]:
    """Answer a form to upload a large result with; the token stays valid.

    Raises
    ------
    Forbidden
        An unknown or used token.
    BadRequest
        The token has expired.
    """
    run_id = webhook_token.run_of(token)
    logged_run.set(run_id)
    if run_id is None:
        raise Forbidden("Invalid token")
    run = _still_open(run_id)
    if clock.now() > run.invalid_after:
        _expire(run)
    try:
        return uploading.form_of(run)
    except Overtaken:
        raise _used(Run.find(run_id)) from None


def _still_open(run_id: int) -> Run:
    run = Run.find(run_id)
    if run is None or run.state not in OPEN:
        raise _used(run)
    return run


def _used(run: Run | None) -> Forbidden:
    if run is None or run.state is State.DELETED:
        return Forbidden("Invalid token")
    return Forbidden(f"Analysis already updated with status='{run.status}' and message={run.status_message}")


def _expire(run: Run) -> None:
    """End a run whose service is late, unless an earlier post was stored and never committed."""
    if not acceptance.adopt_stored_result(run, settled_only=False):
        try:
            transitions.move(run, State.TIMED_OUT, "The service answered after its time was over.")
        except Overtaken:
            LOGGER.info("the run ended while its token expired", extra={"run": run.id})
        else:
            raise BadRequest("Token has expired")
    raise _used(Run.find(run.id))


def _give_way(run_id: int, receipt: str) -> None:
    """Remove our own result if another was first; the sweep may also have adopted ours."""
    run = Run.find(run_id)
    if run is not None and run.receipt == receipt:
        return
    objects.remove(receipt)
    raise _used(run)
