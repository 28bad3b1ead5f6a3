"""The endpoints of analyses; the work is done in the modules named by verbs."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses import deletion, listing, reading, webhook
from chalicelib.analyses.access import owned, readable
from chalicelib.analyses.bodies import ListQuery, NewAnalysis, NewUpload, OneQuery, ResultsQuery
from chalicelib.analyses.listing import Page, Wanted
from chalicelib.analyses.record import analysis_record
from chalicelib.analyses.start import start
from chalicelib.analyses.upload import upload
from chalicelib.http.endpoint import Incoming
from chalicelib.http.endpoint import endpoint as open_endpoint
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import Forbidden, MethodNotAllowed
from chalicelib.http.pages import link_to_next
from chalicelib.http.parsing import json_object
from chalicelib.sources.record import INCLUDES

blueprint = Blueprint(__name__)

INCLUDES["analyses"] = listing.included


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


@open_endpoint(blueprint, "POST", "/api/webhook/obj_analysis/{token}")
def receive_result(token: str, incoming: Incoming) -> dict[str, Any]:
    """Accept a service's result, once; the token in the path is the only authentication."""
    return webhook.receive(token, incoming.body)


@endpoint(blueprint, "GET", "/api/obj/analysis")
def list_analyses(caller: Caller, query: ListQuery, incoming: Incoming) -> Reply:
    """List analyses, of one object as full records or of all as short ones."""
    wanted = _wanted(query)
    page = listing.of_all(caller, wanted) if query.obj_id is None else listing.of_object(caller, query.obj_id, wanted)
    return _paged(page, incoming)


@endpoint(blueprint, "GET", "/api/obj/{obj_id}/analysis")
def list_analyses_of_object(caller: Caller, obj_id: str, query: ListQuery, incoming: Incoming) -> Reply:
    """List the analyses of an object."""
    return _paged(listing.of_object(caller, obj_id, _wanted(query)), incoming)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}")
def read_analysis(caller: Caller, analysis_id: int, query: OneQuery) -> dict[str, Any]:
    """Read one analysis, with the data that the service sent on request."""
    return _one(caller, analysis_id, None, query)


@endpoint(blueprint, "GET", "/api/obj/{obj_id}/analysis/{item_id}")
def read_analysis_of_object(caller: Caller, obj_id: str, item_id: int, query: OneQuery) -> dict[str, Any]:
    """Read one analysis of an object."""
    return _one(caller, item_id, obj_id, query)


@endpoint(blueprint, "DELETE", "/api/obj/analysis/{analysis_id}", permission=RUN_ANALYSES)
def delete_analysis(caller: Caller, analysis_id: int) -> None:
    """Delete an analysis of one's own, with its products."""
    deletion.delete(owned(caller, analysis_id))


@endpoint(blueprint, "DELETE", "/api/obj/{obj_id}/analysis/{item_id}", permission=RUN_ANALYSES)
def delete_analysis_of_object(caller: Caller, obj_id: str, item_id: int) -> None:
    """Delete an analysis of one's own, with its products."""
    run = owned(caller, item_id)
    if run.obj_id != obj_id:
        raise Forbidden("Cannot access this Analysis.")
    deletion.delete(run)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/results")
def read_results(caller: Caller, analysis_id: int, query: ResultsQuery) -> Reply:
    """Read the results as JSON."""
    return reading.results(caller, analysis_id, download=query.download)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/plots/{number}")
def read_plot(caller: Caller, analysis_id: int, number: int) -> Reply:
    """Read one of the plots, from 0."""
    return reading.plot(caller, analysis_id, number)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/corner")
def read_corner(caller: Caller, analysis_id: int, incoming: Incoming) -> Reply:
    """Read the corner plot; `plot_kwargs` in a JSON body or the query changes how it is drawn."""
    kwargs = json_object(incoming.body).get("plot_kwargs", incoming.query.get("plot_kwargs"))
    return reading.corner(caller, analysis_id, kwargs)


def _one(caller: Caller, analysis_id: int, obj_id: str | None, query: OneQuery) -> dict[str, Any]:
    run, service = readable(caller, analysis_id, obj_id)
    record = analysis_record(run, service, caller, filename=query.include_filename)
    if query.include_data:
        record["data"] = reading.data_of(run)
    return record


def _wanted(query: ListQuery) -> Wanted:
    return Wanted(query.service_id, query.summary_only, query.include_filename, query.cursor)


def _paged(page: Page, incoming: Incoming) -> Reply:
    return success(page.records, link_to_next(incoming.path, incoming.query, page.next_before))
