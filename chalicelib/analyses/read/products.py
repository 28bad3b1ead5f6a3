"""Reading what a run returned: results, plots, the corner plot, inference data, posterior."""

from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.queries import PosteriorQuery
from chalicelib.analyses.read.corner import corner_product
from chalicelib.analyses.read.enveloped import enveloped
from chalicelib.analyses.read.inference_data import inference_data_product
from chalicelib.analyses.read.posterior import posterior_product
from chalicelib.analyses.read.product_file import check_readable, file_name, product_file
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import collect_files
from chalicelib.analyses.run.access import readable
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import NotFound
from chalicelib.services.items.service import Service


def results(
    caller: Caller, analysis_id: int, headers: Mapping[str, str], *, download: bool, head: bool = False
) -> Reply:
    """Answer the results as JSON, whatever format they came in; `download` leaves the envelope away.

    Raises
    ------
    NotFound
        The service sent none, or they could not be read.
    """
    run, service = _collected(caller, analysis_id)
    product = products_function.named(run, "results")
    if product is None:
        raise NotFound("No results data found for this Analysis.")
    if download:
        return product_file(product, run, service, "results", headers, head=head, is_attachment=True)
    check_readable(product)
    name = file_name(run, service, "results", ".json")
    return enveloped(product["key"], product["size"], name, headers, head=head)


def plot(caller: Caller, analysis_id: int, number: int, headers: Mapping[str, str], *, head: bool = False) -> Reply:
    """Answer one of the plots with its own content type.

    Raises
    ------
    NotFound
        There is no such plot, or it could not be read.
    """
    run, service = _collected(caller, analysis_id)
    product = products_function.named(run, f"plots/{number}")
    if product is None:
        count = run.num_plots
        verb, noun = ("is", "plot") if count == 1 else ("are", "plots")
        raise NotFound(f"Invalid plot number. There {verb} {count} {noun} available for this analysis")
    return product_file(product, run, service, f"plot_{number}", headers, head=head)


def corner(
    caller: Caller, analysis_id: int, kwargs: Mapping[str, Any], headers: Mapping[str, str], *, head: bool = False
) -> Reply:
    """Answer the corner plot of the posterior, drawn with the caller's options if there are any.

    Raises
    ------
    BadRequest
        Options that do not fit the posterior.
    NotFound
        The service sent no posterior, or it could not be drawn.
    Unavailable
        It is being drawn.
    """
    run, service = _with_data(caller, analysis_id)
    return product_file(corner_product(run, kwargs), run, service, "corner", headers, head=head)


def inference_data(caller: Caller, analysis_id: int, headers: Mapping[str, str], *, head: bool = False) -> Reply:
    """Answer the netCDF file as it came.

    Raises
    ------
    NotFound
        The service sent none, or it could not be read.
    Unavailable
        It is being read.
    """
    run, service = _with_data(caller, analysis_id)
    return product_file(inference_data_product(run), run, service, "inference_data", headers, head=head)


def posterior(
    caller: Caller, analysis_id: int, query: PosteriorQuery, headers: Mapping[str, str], *, head: bool = False
) -> Reply:
    """Answer samples as JSON columns in the envelope, or as CSV.

    Raises
    ------
    BadRequest
        There is no parameter of a name that the query gives, or more is asked for than can be written.
    NotFound
        The service sent no posterior, or it cannot be read.
    Unavailable
        It is being written.
    """
    run, service = _with_data(caller, analysis_id)
    product = posterior_product(run, query)
    if query.format == "csv":
        return product_file(product, run, service, "posterior", headers, head=head)
    name = file_name(run, service, "posterior", ".json")
    return enveloped(product["key"], product["size"], name, headers, head=head)


def _with_data(caller: Caller, analysis_id: int) -> tuple[Run, Service | None]:
    run, service = readable(caller, analysis_id)
    if not run.contents:
        raise NotFound("No data found for this Analysis.")
    return run, service


def _collected(caller: Caller, analysis_id: int) -> tuple[Run, Service | None]:
    """Return a run whose results and plots are stored; who is earlier than the collector does that work."""
    run, service = _with_data(caller, analysis_id)
    if run.products is not None:
        return run, service
    collected = collect_files(run)
    if collected is None:
        raise NotFound("No data found for this Analysis.")
    return collected, service
