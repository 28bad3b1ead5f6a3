"""Endpoints that read what an analysis returned."""

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.analyses import reading
from chalicelib.analyses.bodies import ResultsQuery
from chalicelib.analyses.routes.blueprint import blueprint
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply
from chalicelib.http.parsing import json_object


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
