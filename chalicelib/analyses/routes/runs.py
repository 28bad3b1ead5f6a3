"""Endpoints that read, list and delete analyses."""

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.queries import ListQuery, OneQuery
from chalicelib.analyses.read import listing, sent_data
from chalicelib.analyses.read.listing import Page, Wanted
from chalicelib.analyses.read.record import analysis_record
from chalicelib.analyses.read.wait_for_end import wait_for_end
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.run.access import owned, readable
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.states import OPEN
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import Forbidden
from chalicelib.http.logs import run as logged_run
from chalicelib.http.pages import link_to_next
from chalicelib.settings import MAX_BODY_BYTES


@endpoint(blueprint, "GET", "/api/obj/analysis", answers=lambda: list[answers.AnyAnalysis])
def list_analyses(caller: Caller, query: ListQuery, incoming: Incoming) -> Reply:
    """List analyses, of one object as full records or of all as short ones."""
    wanted = _wanted(query)
    page = listing.of_all(caller, wanted) if query.obj_id is None else listing.of_object(caller, query.obj_id, wanted)
    return _paged(page, incoming)


@endpoint(blueprint, "GET", "/api/obj/{obj_id}/analysis", answers=lambda: list[answers.ListedAnalysis])
def list_analyses_of_object(caller: Caller, obj_id: str, query: ListQuery, incoming: Incoming) -> Reply:
    """List the analyses of an object."""
    return _paged(listing.of_object(caller, obj_id, _wanted(query)), incoming)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}", answers=lambda: answers.Analysis)
def read_analysis(caller: Caller, analysis_id: int, query: OneQuery) -> Reply:
    """Read one analysis, with the data that the service sent on request.

    With `wait` the answer comes when it has ended, or as it is after so many seconds. Who asks for many at once may be
    answered sooner.
    """
    return _one(caller, analysis_id, None, query)


@endpoint(blueprint, "GET", "/api/obj/{obj_id}/analysis/{item_id}", answers=lambda: answers.Analysis)
def read_analysis_of_object(caller: Caller, obj_id: str, item_id: int, query: OneQuery) -> Reply:
    """Read one analysis of an object."""
    logged_run.set(item_id)
    return _one(caller, item_id, obj_id, query)


@endpoint(blueprint, "DELETE", "/api/obj/analysis/{analysis_id}", permission=RUN_ANALYSES)
def delete_analysis(caller: Caller, analysis_id: int) -> None:
    """Delete an analysis of one's own, with its products."""
    delete(owned(caller, analysis_id))


@endpoint(blueprint, "DELETE", "/api/obj/{obj_id}/analysis/{item_id}", permission=RUN_ANALYSES)
def delete_analysis_of_object(caller: Caller, obj_id: str, item_id: int) -> None:
    """Delete an analysis of one's own, with its products."""
    logged_run.set(item_id)
    run = owned(caller, item_id)
    if run.obj_id != obj_id:
        raise Forbidden("Cannot access this Analysis.")
    delete(run)


def _one(caller: Caller, analysis_id: int, obj_id: str | None, query: OneQuery) -> Reply:
    run, service = readable(caller, analysis_id, obj_id)
    if query.wait and run.state in OPEN:
        wait_for_end(run.id, query.wait)
        run, service = readable(caller, analysis_id, obj_id)
    record = analysis_record(run, service, caller, filename=query.include_filename)
    if not query.include_data:
        return success(record)
    reply = success({**record, "data": sent_data.data_of(run)})
    if len(reply.body) > MAX_BODY_BYTES:  # as much was accepted, but it came without the record around it
        raise sent_data.too_large(run)
    return reply


def _wanted(query: ListQuery) -> Wanted:
    return Wanted(query.service_id, query.summary_only, query.include_filename, query.cursor)


def _paged(page: Page, incoming: Incoming) -> Reply:
    return success(page.records, link_to_next(incoming.path, incoming.query, page.next_before))
