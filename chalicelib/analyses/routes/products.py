"""Endpoints that read what an analysis returned."""

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.analyses import answers
from chalicelib.analyses.bodies import CornerBody, CornerQuery, ResultsQuery
from chalicelib.analyses.read import products
from chalicelib.analyses.read.plot_kwargs import plot_kwargs
from chalicelib.analyses.routes.blueprint import blueprint
from chalicelib.http.envelope import Reply


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/results", answers=answers.RESULTS)
def read_results(caller: Caller, analysis_id: int, query: ResultsQuery) -> Reply:
    """Read the results as JSON."""
    return products.results(caller, analysis_id, download=query.download)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/plots/{number}", answers=answers.PLOT)
def read_plot(caller: Caller, analysis_id: int, number: int) -> Reply:
    """Read one of the plots, from 0."""
    return products.plot(caller, analysis_id, number)


@endpoint(blueprint, "GET", "/api/obj/analysis/{analysis_id}/corner", answers=answers.CORNER_PLOT)
def read_corner(caller: Caller, analysis_id: int, body: CornerBody, query: CornerQuery) -> Reply:
    """Read the corner plot; `plot_kwargs` in a JSON body or the query changes how it is drawn."""
    given = body.plot_kwargs if "plot_kwargs" in body.model_fields_set else query.plot_kwargs
    return products.corner(caller, analysis_id, plot_kwargs(given, query.var_names))
