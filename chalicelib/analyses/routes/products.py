"""Endpoints that read what an analysis returned."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.analyses.queries import CornerBody, CornerQuery, PosteriorQuery, ResultsQuery
from chalicelib.analyses.read import products
from chalicelib.analyses.read.archive import archive
from chalicelib.analyses.read.plot_kwargs import plot_kwargs
from chalicelib.analyses.read.product_list import product_list
from chalicelib.analyses.routes.blueprint import answers, blueprint
from chalicelib.analyses.run.access import readable
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import RangeNotSatisfiable, Unavailable

_ANALYSIS = "/api/obj/analysis/{analysis_id}"
_RESULTS = f"{_ANALYSIS}/results"
_PLOT = f"{_ANALYSIS}/plots/{{number}}"
_CORNER = f"{_ANALYSIS}/corner"
_ARCHIVE = f"{_ANALYSIS}/archive"
_POSTERIOR = f"{_ANALYSIS}/posterior"
_NETCDF = f"{_ANALYSIS}/inference_data"


@endpoint(blueprint, "GET", f"{_ANALYSIS}/products", answers=lambda: answers.Products)
def list_products(caller: Caller, analysis_id: int) -> dict[str, Any]:
    """List what an analysis returned: what can be read, what is still being made, and what cannot be read, and why."""
    run, _ = readable(caller, analysis_id)
    return {"products": product_list(run)}


@endpoint(blueprint, "GET", _RESULTS, answers=lambda: answers.RESULTS, raises=(RangeNotSatisfiable,))
def read_results(caller: Caller, analysis_id: int, query: ResultsQuery, incoming: Incoming) -> Reply:
    """Read the results as JSON."""
    return products.results(caller, analysis_id, incoming.headers, download=query.download)


@endpoint(blueprint, "HEAD", _RESULTS, answers=lambda: answers.RESULTS)
def head_results(caller: Caller, analysis_id: int, query: ResultsQuery, incoming: Incoming) -> Reply:
    """Read what GET says of the results, without the results."""
    return products.results(caller, analysis_id, incoming.headers, download=query.download, head=True)


@endpoint(blueprint, "GET", _PLOT, answers=lambda: answers.PLOT, raises=(RangeNotSatisfiable,))
def read_plot(caller: Caller, analysis_id: int, number: int, incoming: Incoming) -> Reply:
    """Read one of the plots, from 0."""
    return products.plot(caller, analysis_id, number, incoming.headers)


@endpoint(blueprint, "HEAD", _PLOT, answers=lambda: answers.PLOT)
def head_plot(caller: Caller, analysis_id: int, number: int, incoming: Incoming) -> Reply:
    """Read what GET says of a plot, without the plot."""
    return products.plot(caller, analysis_id, number, incoming.headers, head=True)


@endpoint(blueprint, "GET", _CORNER, answers=lambda: answers.CORNER_PLOT, raises=(RangeNotSatisfiable, Unavailable))
def read_corner(caller: Caller, analysis_id: int, body: CornerBody, query: CornerQuery, incoming: Incoming) -> Reply:
    """Read the corner plot; `plot_kwargs` in a JSON body or the query changes how it is drawn.

    A large one that was not drawn before is drawn in the background: 503 with `Retry-After` until it is there.
    """
    return products.corner(caller, analysis_id, _kwargs(body, query), incoming.headers)


@endpoint(blueprint, "HEAD", _CORNER, answers=lambda: answers.CORNER_PLOT, raises=(Unavailable,))
def head_corner(caller: Caller, analysis_id: int, body: CornerBody, query: CornerQuery, incoming: Incoming) -> Reply:
    """Read what GET says of a corner plot, without the plot."""
    return products.corner(caller, analysis_id, _kwargs(body, query), incoming.headers, head=True)


@endpoint(blueprint, "GET", _NETCDF, answers=lambda: answers.INFERENCE_DATA, raises=(RangeNotSatisfiable, Unavailable))
def read_inference_data(caller: Caller, analysis_id: int, incoming: Incoming) -> Reply:
    """Read the netCDF file as the service sent it; 503 with `Retry-After` while it is being read."""
    return products.inference_data(caller, analysis_id, incoming.headers)


@endpoint(blueprint, "HEAD", _NETCDF, answers=lambda: answers.INFERENCE_DATA, raises=(Unavailable,))
def head_inference_data(caller: Caller, analysis_id: int, incoming: Incoming) -> Reply:
    """Read what GET says of the netCDF file, without the file."""
    return products.inference_data(caller, analysis_id, incoming.headers, head=True)


@endpoint(blueprint, "GET", _POSTERIOR, answers=lambda: answers.POSTERIOR, raises=(RangeNotSatisfiable, Unavailable))
def read_posterior(caller: Caller, analysis_id: int, query: PosteriorQuery, incoming: Incoming) -> Reply:
    """Read the samples as columns, `{"columns": {name: [...]}}` in the envelope, or as CSV.

    An element of an array is a column of its own, `name[0]` or `name[0,1]`. `chain` and `draw` number the rows where
    chains are known. `thin` counts within each chain. 503 with `Retry-After` while very many are written.
    """
    return products.posterior(caller, analysis_id, query, incoming.headers)


@endpoint(blueprint, "HEAD", _POSTERIOR, answers=lambda: answers.POSTERIOR, raises=(Unavailable,))
def head_posterior(caller: Caller, analysis_id: int, query: PosteriorQuery, incoming: Incoming) -> Reply:
    """Read what GET says of the samples, without the samples."""
    return products.posterior(caller, analysis_id, query, incoming.headers, head=True)


@endpoint(blueprint, "GET", _ARCHIVE, answers=lambda: answers.ARCHIVE, raises=(RangeNotSatisfiable, Unavailable))
def read_archive(caller: Caller, analysis_id: int, incoming: Incoming) -> Reply:
    """Read everything of an analysis as one zip: record, products, results as JSON, plots and netCDF as they came.

    Its author and administrators get the inputs, too. 503 with `Retry-After` while products are being made.
    """
    return archive(caller, analysis_id, incoming.headers)


@endpoint(blueprint, "HEAD", _ARCHIVE, answers=lambda: answers.ARCHIVE, raises=(Unavailable,))
def head_archive(caller: Caller, analysis_id: int, incoming: Incoming) -> Reply:
    """Read what GET says of the zip, without the zip."""
    return archive(caller, analysis_id, incoming.headers, head=True)


def _kwargs(body: CornerBody, query: CornerQuery) -> dict[str, Any]:
    given = body.plot_kwargs if "plot_kwargs" in body.model_fields_set else query.plot_kwargs
    return plot_kwargs(given, query.var_names)
