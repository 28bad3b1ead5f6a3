"""Reading what a run returned: the data as it came, results, plots and the corner plot."""

import json
from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.bodies import analysis_object
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.corner import corner_product
from chalicelib.analyses.read.product_file import LINK_SECONDS, MOST_INLINE_BYTES, check_readable, product_file
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import collect_files
from chalicelib.analyses.results.posted import analysis_of
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.access import readable
from chalicelib.http.envelope import Reply, redirect, success
from chalicelib.http.errors import BadRequest, NotFound, TooLarge
from chalicelib.http.parsing import json_object
from chalicelib.services.items.service import Service
from chalicelib.settings import MAX_BODY_BYTES


def data_of(run: Run) -> dict[str, Any]:
    """Return the `analysis` object exactly as the service sent it; empty if it sent none.

    Raises
    ------
    TooLarge
        It was uploaded, and is larger than an answer.
    """
    if run.receipt is None:
        return {}
    key = objects.document_key(run.id) if run.collected_at else run.receipt
    if objects.is_uploaded(run.receipt):
        return _uploaded_data(run, key)
    return analysis_of(objects.get_json(key))


def _uploaded_data(run: Run, key: str) -> dict[str, Any]:
    """Read an upload as a post is read; what would have been refused as a post is told with the products."""
    try:
        raw = objects.get_uploaded(key, MAX_BODY_BYTES)
        if raw is None:
            raise _too_large(run)
        return analysis_object(json_object(raw, any_text=True).get("analysis"))
    except BadRequest:
        return {}


def _too_large(run: Run) -> TooLarge:
    below = f"/api/obj/analysis/{run.id}"
    names = ["results", *(f"plots/{number}" for number in range(run.num_plots)), "inference_data"]
    urls = ", ".join(f"{below}/{name}" for name in names)
    return TooLarge(
        f"The data of this Analysis are larger than {MAX_BODY_BYTES} bytes. Read the products one by one: {urls}"
    )


def results(caller: Caller, analysis_id: int, *, download: bool) -> Reply:
    """Answer the results as JSON, whatever format they came in; `download` leaves the envelope away.

    Raises
    ------
    NotFound
        The service sent none, or they could not be read.
    """
    run, _ = _collected(caller, analysis_id)
    product = products_function.named(run, "results")
    if product is None:
        raise NotFound("No results data found for this Analysis.")
    check_readable(product)
    if product["size"] > MOST_INLINE_BYTES:
        return redirect(objects.signed_read(product["key"], LINK_SECONDS))
    content = objects.get_bytes(product["key"])
    if not download:
        return success(json.loads(content))
    name = f"analysis_{analysis_id}_results.json"
    return Reply(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})


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
