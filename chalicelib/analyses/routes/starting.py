"""Endpoints that begin an analysis: starts and uploads."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.bodies import NewAnalysis, NewUpload
from chalicelib.analyses.routes.blueprint import blueprint
from chalicelib.analyses.start import start
from chalicelib.analyses.upload import upload
from chalicelib.http.errors import MethodNotAllowed


@endpoint(blueprint, "POST", "/api/obj/{obj_id}/analysis/{item_id}", permission=RUN_ANALYSES)
def start_analysis(caller: Caller, obj_id: str, item_id: int, body: NewAnalysis) -> dict[str, Any]:
    """Start an analysis of an object by the service `item_id`; answers before the service is called."""
    return {"id": start(caller, obj_id, item_id, body).id}


@endpoint(blueprint, "POST", "/api/candidate/{obj_id}/analysis/{item_id}")
def start_on_candidate(caller: Caller, obj_id: str, item_id: int) -> None:  # noqa: ARG001 - the route needs them
    """Refuse analyses of candidates: only objects have them."""
    raise MethodNotAllowed("Analyses run on objects: POST /api/obj/<obj_id>/analysis/<service_id>.")


@endpoint(blueprint, "POST", "/api/obj/{obj_id}/analysis_upload/{service_id}", permission=RUN_ANALYSES)
def upload_analysis(caller: Caller, obj_id: str, service_id: int, body: NewUpload) -> dict[str, Any]:
    """Store the results of an upload-only service."""
    run = upload(caller, obj_id, service_id, body)
    return {"id": run.id, "message": run.status_message}
