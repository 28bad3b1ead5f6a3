"""Uploads: results of a service that is never called, stored by whoever ran it.

A result that is too large to be posted is uploaded under a name first, to a form that is made here.
"""

import secrets
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.analyses import timing
from chalicelib.analyses.bodies import NewAnalysis, NewUpload
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.limits import MAX_GROUPS
from chalicelib.analyses.results import acceptance, uploading
from chalicelib.analyses.results.posted import UPLOADED, analysis_of, facts_of, message_of, succeeded
from chalicelib.analyses.run import objects, transitions, upload_form
from chalicelib.analyses.start.limits import check_completed
from chalicelib.analyses.start.start import Origin, Subject, new_run, read_subject
from chalicelib.analyses.start.store_run import AlreadyStarted, IdTaken, store, taken, under_free_id
from chalicelib.analyses.states import State
from chalicelib.http.errors import BadRequest, Forbidden, TooLarge


def upload(caller: Caller, obj_id: str, service_id: int, body: NewUpload, run_id: int | None = None) -> Run:
    """Record an analysis that has ended already, with its results; the one that is there if `run_id` is.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's or not for uploads, or the cap is reached.
    NotFound
        The caller cannot see the object.
    BadRequest
        Nothing was uploaded under the name that the body gives, or it has an analysis besides.
    """
    if body.uploaded is not None and body.analysis:
        raise BadRequest(
            "Give either `analysis` or `uploaded`, not both: what was uploaded has an analysis of its own."
        )
    subject = _subject(caller, obj_id, service_id)
    posted = _posted(body)
    shown = NewAnalysis.model_validate(body.model_dump(include={"show_parameters", "show_plots", "show_corner"}))
    groups = chosen_groups(caller, body.group_ids, most=MAX_GROUPS)

    def begin(number: int) -> Run:
        run = new_run(caller, subject, shown, groups, Origin(run_id=number))
        run.status = str(State.COMPLETED if succeeded(posted) else State.FAILURE)
        run.status_message = transitions.shortened(message_of(posted))
        run.duration = 0.0
        run.due = clock.now() + timing.FIRST_DELAY
        source = None if body.uploaded is None else objects.named_upload_key(caller.user_id, body.uploaded)
        run.receipt = _receipt(run, posted, source, form_path(obj_id, service_id))
        for name, value in ({"contents": [UPLOADED]} if source else facts_of(posted)).items():
            setattr(run, name, value)
        _store(run, subject.runs)
        if source is not None:
            objects.remove(source)
        return run

    try:
        check_completed(subject.runs)
    except BadRequest as error:
        raise Forbidden(error.message) from None
    try:
        run = under_free_id(run_id, begin)
    except AlreadyStarted as error:
        return Run.get(error.run_id, RUN_SK, consistent_read=True)
    acceptance.ask_for_collection(run)
    return run


def form(caller: Caller, obj_id: str, service_id: int) -> dict[str, Any]:
    """Answer a form to upload a result with, and the name under which it is then committed; nothing is recorded.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's or not for uploads.
    NotFound
        The caller cannot see the object.
    """
    _subject(caller, obj_id, service_id)
    name = secrets.token_hex(16)
    made = upload_form.make(objects.named_upload_key(caller.user_id, name), upload_form.expiry())
    return {**made, "upload": name}


def too_large(obj_id: str, service_id: str, size: int | str) -> TooLarge:
    """Return the refusal of an upload that is too large to be posted."""
    return uploading.refusal(size, form_path(obj_id, service_id))


def form_path(obj_id: str, service_id: object) -> str:
    """Return where a form is to be had."""
    return f"/api/obj/{obj_id}/analysis_upload/{service_id}/form"


def _subject(caller: Caller, obj_id: str, service_id: int) -> Subject:
    subject = read_subject(caller, obj_id, service_id)
    if not subject.service.upload_only:
        raise Forbidden(f"Analysis Service ID: {service_id} is not of type upload_only.")
    return subject


def _receipt(run: Run, posted: dict[str, Any], source: str | None, way: str) -> str:
    if source is None:
        return acceptance.store(run.id, posted)
    try:
        return uploading.take(source, run.id, posted, way)
    except BadRequest:
        if Run.find(run.id) is not None:  # a request that comes again has taken it away the first time
            raise taken(run) from None
        raise


def _store(run: Run, count: RunCount) -> None:
    try:
        store(run, count)
    except BadRequest as error:
        objects.remove(run.receipt)
        raise Forbidden(error.message) from None
    except (AlreadyStarted, IdTaken):
        objects.remove(run.receipt)
        raise


def _posted(body: NewUpload) -> dict[str, Any]:
    posted = {"status": body.status, "message": body.message, "analysis": body.analysis}
    if not analysis_of(posted) and body.uploaded is None:
        posted["message"] = f"Note: empty analysis upload_only results. Message: {posted['message']}"
    return posted
