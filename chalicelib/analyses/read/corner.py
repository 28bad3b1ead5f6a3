"""The corner plot of a run: drawn once for each set of arguments, and then served from where it is stored."""

import hashlib
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.inference_data import check_known
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.collect import DEFAULT_CORNER
from chalicelib.analyses.results.posted import POSTERIORS
from chalicelib.analyses.results.products_function import ProductsFailed, StillWorking
from chalicelib.analyses.run import objects
from chalicelib.http.errors import BadRequest, NotFound, Unavailable

WAIT_SECONDS = 20.0
"""How long a caller waits for a plot; API Gateway lets it be 29 s for everything."""

_RETRY_SECONDS = 5
_DRAWING = timedelta(seconds=190)
"""Longer than the products function waits for its turn and runs."""

_TRIES = 2
_FORGOTTEN = timedelta(hours=1)
"""After which a plot that could not be drawn is tried again."""

_TRY = "drawing-"
_PNG = "image/png"
_NONE = "No inference data found for this Analysis."

Product = Mapping[str, Any]


def corner_product(run: Run, kwargs: Mapping[str, Any]) -> Product:
    """Return the corner plot with these arguments as it is stored, drawn before or now.

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
    plot = _Plot(run, kwargs)
    return plot.stored() or plot.drawn()


class _Plot:
    """One plot of a run: its picture, or why there is none, or since when it is being drawn, each an object in S3.

    Parameters
    ----------
    run : Run
        With a posterior.
    kwargs : mapping
        corner's arguments; without any it is the plot that the collector draws.
    """

    def __init__(self, run: Run, kwargs: Mapping[str, Any]) -> None:
        self._run, self._kwargs = run, kwargs
        self._stem = DEFAULT_CORNER.partition(".")[0]
        if kwargs:
            self._stem += f"-{hashlib.sha256(json.dumps(kwargs, sort_keys=True).encode()).hexdigest()[:16]}"
        self._below = f"{objects.products_prefix(run.id)}{self._stem}."
        self._tries = 0
        self._is_collectors = not kwargs and run.collected_at is None

    def stored(self) -> Product | None:
        """Return the picture if there is one; raise the reason if there is none, and Unavailable while it is drawn."""
        found = {one.key.removeprefix(self._below): one for one in objects.listed(self._below)}
        recent = {name: one for name, one in found.items() if clock.now() - one.modified < _FORGOTTEN}
        if picture := found.get("png"):
            return {"name": "corner", "key": picture.key, "size": picture.size, "content_type": _PNG, "error": None}
        if problem := recent.get("json"):
            return _reported(self._row(problem.key))
        tries = [one.modified for name, one in recent.items() if name.startswith(_TRY)]
        if tries and clock.now() - max(tries) < _DRAWING:
            raise _being_drawn()
        if len(tries) >= _TRIES and not self._is_collectors:
            raise NotFound("The corner plot could not be drawn in time: choose fewer parameters with var_names.")
        self._tries = len(tries)
        return None

    def drawn(self) -> Product:
        """Draw it: while the caller waits if it is small, otherwise in the background."""
        document = objects.document_key(self._run.id) if self._run.collected_at else str(self._run.receipt)
        corner = {"name": f"{self._stem}.png", "plot_kwargs": self._kwargs}
        try:
            made = products_function.make(self._run, document, ["corner"], {**corner, "is_awaited": True}, WAIT_SECONDS)
        except StillWorking:
            raise self._begun() from None
        except ProductsFailed as error:
            raise _failed(error) from None
        if not made["products"]:
            raise NotFound(_NONE)
        product = _reported(made["products"][0])
        if product["key"] is not None or product["error"] is not None:
            return product
        begun = self._begun()
        if not self._is_collectors:
            products_function.begin_corner(self._run, document, {**corner, "problem_name": f"{self._stem}.json"})
        raise begun

    def _row(self, key: str) -> Product:
        try:
            return products_function.read_row(self._run, key)
        except ProductsFailed as error:
            raise _failed(error) from None

    def _begun(self) -> Unavailable:
        objects.mark(f"{self._below}{_TRY}{self._tries + 1}")
        return _being_drawn()


def _reported(product: Product) -> Product:
    if product["name"] == "plot_kwargs":
        raise BadRequest(f"Invalid plot_kwargs: {product['error']}")
    return product


def _failed(error: ProductsFailed) -> NotFound:
    return NotFound(f"The corner plot could not be drawn: {error}")


def _being_drawn() -> Unavailable:
    return Unavailable("The corner plot is being drawn: ask again in some seconds.", retry_after=_RETRY_SECONDS)
