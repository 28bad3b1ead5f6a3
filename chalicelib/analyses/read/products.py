"""Reading what a run returned: the data as it came, results, plots and the corner plot."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import DEFAULT_CORNER, collect
from chalicelib.analyses.results.posted import POSTERIORS, analysis_of
from chalicelib.analyses.results.products_function import ProductsFailed
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.access import readable
from chalicelib.http.envelope import Reply, redirect, success
from chalicelib.http.errors import BadRequest, NotFound
from chalicelib.products.corner.options import MAX_ON_DEMAND_PARAMETERS

MOST_INLINE_BYTES = 4_000_000
"""Larger products are answered by a redirect to a signed URL."""

_LINK_SECONDS = 300
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def data_of(run: Run) -> dict[str, Any]:
    """Return the `analysis` object exactly as the service sent it; empty if it sent none."""
    if run.receipt is None:
        return {}
    key = objects.document_key(run.id) if run.collected_at else run.receipt
    return analysis_of(objects.get_json(key))


def results(caller: Caller, analysis_id: int, *, download: bool) -> Reply:
    """Answer the results as JSON, whatever format they came in; `download` leaves the envelope away.

    Raises
    ------
    NotFound
        The service sent none, or they could not be read.
    """
    run = _collected(caller, analysis_id)
    product = products_function.named(run, "results")
    if product is None:
        raise NotFound("No results data found for this Analysis.")
    _check_readable(product)
    if product["size"] > MOST_INLINE_BYTES:
        return redirect(objects.signed_read(product["key"], _LINK_SECONDS))
    content = objects.get_bytes(product["key"])
    if not download:
        return success(json.loads(content))
    name = f"analysis_{analysis_id}_results.json"
    return Reply(content, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def plot(caller: Caller, analysis_id: int, number: int) -> Reply:
    """Answer one of the plots with its own content type.

    Raises
    ------
    NotFound
        There is no such plot, or it could not be read.
    """
    run = _collected(caller, analysis_id)
    product = products_function.named(run, f"plots/{number}")
    if product is None:
        count = run.num_plots
        verb, noun = ("is", "plot") if count == 1 else ("are", "plots")
        raise NotFound(f"Invalid plot number. There {verb} {count} {noun} available for this analysis")
    return _image(product)


def corner(caller: Caller, analysis_id: int, kwargs: dict[str, Any]) -> Reply:
    """Answer the corner plot of the posterior, drawn with the caller's options if there are any.

    Raises
    ------
    BadRequest
        Options that do not fit the posterior.
    NotFound
        The service sent no posterior, or it could not be drawn.
    """
    run = _collected(caller, analysis_id)
    if not POSTERIORS & set(run.contents or []):
        raise NotFound("No inference data found for this Analysis.")
    product = products_function.named(run, "corner")
    return _image(_drawn(run, kwargs) if kwargs or product is None else product)


def _collected(caller: Caller, analysis_id: int) -> Run:
    """Return a run whose products are stored; who is earlier than the collector does its work."""
    run, _ = readable(caller, analysis_id)
    if not run.contents:
        raise NotFound("No data found for this Analysis.")
    if run.products is not None:
        return run
    collected = collect(run.id)
    if collected is None:
        raise NotFound("No data found for this Analysis.")
    return collected


def _drawn(run: Run, kwargs: dict[str, Any]) -> Mapping[str, Any]:
    """Return a corner plot with these options, from a drawing before or made now."""
    digest = hashlib.sha256(json.dumps(kwargs, sort_keys=True).encode()).hexdigest()[:16]
    name = f"corner-{digest}.png" if kwargs else DEFAULT_CORNER
    key = objects.products_prefix(run.id) + name
    if size := objects.size_of(key):
        return {"key": key, "size": size, "content_type": "image/png", "error": None}
    options = {"name": name, "plot_kwargs": kwargs, "max_parameters": MAX_ON_DEMAND_PARAMETERS}
    try:
        made = products_function.make(run, objects.document_key(run.id), ["corner"], options)["products"]
    except ProductsFailed as error:
        raise NotFound(f"The corner plot could not be drawn: {error}") from None
    if not made:
        raise NotFound("No inference data found for this Analysis.")
    drawn: dict[str, Any] = made[0]
    if drawn["name"] == "plot_kwargs":
        raise BadRequest(f"Invalid plot_kwargs: {drawn['error']}")
    return drawn


def _check_readable(product: Mapping[str, Any]) -> None:
    if product["error"]:
        raise NotFound(f"The service sent this product, but it cannot be read: {product['error']}")


def _image(product: Mapping[str, Any]) -> Reply:
    _check_readable(product)
    if product["size"] > MOST_INLINE_BYTES:
        return redirect(objects.signed_read(product["key"], _LINK_SECONDS))
    headers = {"Content-Security-Policy": _SVG_POLICY} if "svg" in product["content_type"] else {}
    return Reply(objects.get_bytes(product["key"]), content_type=product["content_type"], headers=headers)
