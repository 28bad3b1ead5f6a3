"""What a run returned, as a list: what can be read, what is still being made, and what cannot be read."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.enveloped import enveloped_size
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.posted import POSTERIORS
from chalicelib.analyses.results.products_function import INFERENCE_DATA

READY, WAITING, FAILED = "ready", "waiting", "failed"
_PLOT = re.compile(r"plots/(\d{1,3})", re.ASCII)

Row = Mapping[str, Any]


def product_list(run: Run) -> list[dict[str, Any]]:
    """Return the products of a run: results, plots, corner plot, inference data, posterior.

    Nothing is known of an upload that nobody has looked into, but that it has results or can say why it has not.
    """
    rows: dict[str, Row] = {row["name"]: row for row in run.products or []}
    if run.collected_at is None and INFERENCE_DATA not in rows:
        stored = products_function.named(run, INFERENCE_DATA)
        rows |= {} if stored is None else {INFERENCE_DATA: stored}
    is_over = run.collected_at is not None
    return [listed for name in _names(run) if (listed := _listed(run, name, _row(rows, name), is_over=is_over))]


def _names(run: Run) -> Iterator[str]:
    contents = {"results"} if products_function.contents_unknown(run) else set(run.contents or [])
    if "results" in contents:
        yield "results"
    yield from (f"plots/{number}" for number in range(run.num_plots))
    has_posterior = bool(POSTERIORS & contents)
    yield from ["corner"] if has_posterior else []
    yield from [INFERENCE_DATA] if INFERENCE_DATA in contents else []
    yield from ["posterior"] if has_posterior else []


def _row(rows: Mapping[str, Row], name: str) -> Row | None:
    """Return what became of a product; of plots that could not be read at all there is one row."""
    if name == "posterior":  # its columns are written when they are asked for, from inference data if there are any
        found = rows.get(name) or rows.get(INFERENCE_DATA)
        return found and {**found, "key": None}
    return rows.get(name) or (rows.get("plots") if _PLOT.fullmatch(name) else None)


def _listed(run: Run, name: str, row: Row | None, *, is_over: bool) -> dict[str, Any] | None:
    """Return an entry; None for what turned out to be empty."""
    if row is None and is_over:
        return None
    plot = _PLOT.fullmatch(name)
    entry: dict[str, Any] = {"kind": "plot", "number": int(plot[1])} if plot else {"kind": name}
    entry["state"] = WAITING if row is None else FAILED if row["error"] else READY
    if row is not None and row["error"]:
        entry["problem"] = row["error"]
    elif row is not None and row["key"]:
        entry["bytes"] = enveloped_size(row["size"]) if name == "results" else row["size"]
        entry["media_type"] = row["content_type"]
    return {**entry, "url": f"/api/obj/analysis/{run.id}/{name}"}
