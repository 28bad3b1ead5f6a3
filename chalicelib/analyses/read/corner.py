"""The corner plot of a run: drawn once for each set of arguments, and then served from where it is stored."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.inference_data import check_known
from chalicelib.analyses.read.made_once import PROBLEM, MadeOnce, Product
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import DEFAULT_CORNER
from chalicelib.analyses.results.posted import POSTERIORS
from chalicelib.analyses.results.products_function import ProductsFailed, StillWorking
from chalicelib.analyses.run import objects
from chalicelib.http.errors import BadRequest, NotFound

WAIT_SECONDS = 20.0
"""How long a caller waits for a plot; API Gateway lets it be 29 s for everything."""

_NONE = "No inference data found for this Analysis."


def corner_product(run: Run, kwargs: Mapping[str, Any]) -> Product:
    """Return the corner plot with these arguments as it is stored, drawn before or now.

    Without any it is the plot that the collector draws.

    Raises
    ------
    BadRequest
        Arguments that do not fit the posterior.
    NotFound
        The service sent no posterior, or it cannot be drawn.
    Unavailable
        It is being drawn, which takes longer than a caller waits.
    """
    check_known(run)
    if not POSTERIORS & set(run.contents or []):
        raise NotFound(_NONE)
    collected = None if kwargs else products_function.named(run, "corner")
    if collected is not None:
        return collected
    stem = DEFAULT_CORNER.partition(".")[0]
    if kwargs:
        stem += f"-{hashlib.sha256(json.dumps(kwargs, sort_keys=True).encode()).hexdigest()[:16]}"
    plot = MadeOnce(
        run,
        below=f"{objects.products_prefix(run.id)}{stem}.",
        name="corner",
        ending="png",
        content_type="image/png",
        what="The corner plot",
        being_made="drawn",
        advice="choose fewer parameters with var_names",
        is_collectors=not kwargs and run.collected_at is None,
    )
    return _reported(plot.stored() or _drawn(plot, stem, kwargs))


def _drawn(plot: MadeOnce, stem: str, kwargs: Mapping[str, Any]) -> Product:
    """Draw it: while the caller waits if it is small, otherwise in the background."""
    run = plot.run
    document = objects.document_of(run)
    corner = {"name": f"{stem}.png", "plot_kwargs": kwargs}
    try:
        made = products_function.make(run, document, ["corner"], {**corner, "is_awaited": True}, WAIT_SECONDS)
    except StillWorking:
        raise plot.begun() from None
    except ProductsFailed as error:
        raise plot.failed(error) from None
    if not made["products"]:
        raise NotFound(_NONE)
    product: Product = made["products"][0]
    if product["key"] is not None or product["error"] is not None:
        return product
    begun = plot.begun()
    if not plot.is_collectors:
        products_function.begin_corner(run, document, {**corner, "problem_name": f"{stem}.{PROBLEM}"})
    raise begun


def _reported(product: Product) -> Product:
    if product["name"] == "plot_kwargs":
        raise BadRequest(f"Invalid plot_kwargs: {product['error']}")
    return product
