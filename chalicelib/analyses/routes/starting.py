"""Endpoints that begin an analysis: starts and uploads."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.idempotency import once
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.bodies import NewAnalysis, NewUpload
from chalicelib.analyses.read.preview import preview
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.start.start import Origin, start
from chalicelib.analyses.start.store_run import id_of
from chalicelib.analyses.start.upload import form, too_large, upload
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import MethodNotAllowed
from chalicelib.http.late import record


@endpoint(
    blueprint,
    "POST",
    "/api/obj/{obj_id}/analysis/{item_id}",
    permission=RUN_ANALYSES,
    answers=lambda: record.NewId,
    repeatable=True,
)
def start_analysis(caller: Caller, obj_id: str, item_id: int, body: NewAnalysis, incoming: Incoming) -> Reply:
    """Start an analysis of an object by the service `item_id`; answers before the service is called."""

    def started(run_id: int) -> dict[str, Any]:
        return {"id": id_of(lambda: start(caller, obj_id, item_id, body, Origin(run_id=run_id)))}

    return once(caller, incoming, started)


@endpoint(
    blueprint,
    "POST",
    "/api/obj/{obj_id}/analysis/{item_id}/preview",
    permission=RUN_ANALYSES,
    answers=lambda: answers.Preview,
    large=True,
    compressed=True,
)
def preview_analysis(caller: Caller, obj_id: str, item_id: int, body: NewAnalysis) -> dict[str, Any]:
    """Return what the service `item_id` would be sent for an analysis with this body; nothing is started."""
    return preview(caller, obj_id, item_id, body)


@endpoint(blueprint, "POST", "/api/candidate/{obj_id}/analysis/{item_id}", raises=(MethodNotAllowed,))
def start_on_candidate(caller: Caller, obj_id: str, item_id: int) -> None:  # noqa: ARG001 - the route needs them
    """Refuse analyses of candidates: only objects have them."""
    raise MethodNotAllowed("Analyses run on objects: POST /api/obj/<obj_id>/analysis/<service_id>.")


@endpoint(
    blueprint,
    "POST",
    "/api/obj/{obj_id}/analysis_upload/{service_id}",
    permission=RUN_ANALYSES,
    too_large=too_large,
    answers=lambda: answers.Uploaded,
    repeatable=True,
)
def upload_analysis(caller: Caller, obj_id: str, service_id: int, body: NewUpload, incoming: Incoming) -> Reply:
    """Store the results of an upload-only service, as they are or as they were uploaded before."""

    def stored(run_id: int) -> dict[str, Any]:
        run = upload(caller, obj_id, service_id, body, run_id)
        return {"id": run.id, "message": run.status_message}

    return once(caller, incoming, stored)


@endpoint(
    blueprint,
    "POST",
    "/api/obj/{obj_id}/analysis_upload/{service_id}/form",
    permission=RUN_ANALYSES,
    answers=lambda: answers.NamedUploadForm,
)
def make_analysis_upload_form(caller: Caller, obj_id: str, service_id: int) -> dict[str, Any]:
    """Answer a presigned form for results that are too large to be posted, and the name to commit them under."""
    return form(caller, obj_id, service_id)
