"""Uploads: results of a service that is never called, stored by whoever ran it."""

from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.analyses import lifecycle
from chalicelib.analyses.bodies import MAX_GROUPS, NewAnalysis, NewUpload
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.results import acceptance
from chalicelib.analyses.results.posted import analysis_of, facts_of, message_of, succeeded
from chalicelib.analyses.run import objects, transitions
from chalicelib.analyses.start.limits import check_completed
from chalicelib.analyses.start.start import Origin, new_run, read_subject
from chalicelib.analyses.start.store_run import AlreadyStarted, IdTaken, store, under_free_id
from chalicelib.http.errors import BadRequest, Forbidden


def upload(caller: Caller, obj_id: str, service_id: int, body: NewUpload, run_id: int | None = None) -> Run:
    """Record an analysis that has ended already, with its results; the one that is there if `run_id` is.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's or not for uploads, or the cap is reached.
    NotFound
        The caller cannot see the object.
    """
    subject = read_subject(caller, obj_id, service_id)
    if not subject.service.upload_only:
        raise Forbidden(f"Analysis Service ID: {service_id} is not of type upload_only.")
    posted = _posted(body)
    shown = NewAnalysis.model_validate(body.model_dump(include={"show_parameters", "show_plots", "show_corner"}))
    groups = chosen_groups(caller, body.group_ids, most=MAX_GROUPS)

    def begin(number: int) -> Run:
        run = new_run(caller, subject, shown, groups, Origin(run_id=number))
        run.status = str(State.COMPLETED if succeeded(posted) else State.FAILURE)
        run.status_message = transitions.shortened(message_of(posted))
        run.duration = 0.0
        run.due = clock.now() + lifecycle.FIRST_DELAY
        for name, value in facts_of(posted).items():
            setattr(run, name, value)
        _store(run, subject.runs, posted)
        return run

    try:
        check_completed(subject.runs)
        run = under_free_id(run_id, begin)
    except BadRequest as error:
        raise Forbidden(error.message) from None
    except AlreadyStarted as error:
        return Run.get(error.run_id, RUN_SK, consistent_read=True)
    acceptance.ask_for_collection(run)
    return run


def _store(run: Run, count: RunCount, posted: dict[str, Any]) -> None:
    run.receipt = acceptance.store(run.id, posted)
    try:
        store(run, count)
    except (BadRequest, AlreadyStarted, IdTaken):
        objects.remove(run.receipt)
        raise


def _posted(body: NewUpload) -> dict[str, Any]:
    posted = {"status": body.status, "message": body.message, "analysis": body.analysis}
    if not analysis_of(posted):
        posted["message"] = f"Note: empty analysis upload_only results. Message: {posted['message']}"
    return posted
