"""Collecting an accepted result: products are made and stored, and what the result says of the source is applied."""

from typing import Any

from chalicelib import aws, clock
from chalicelib.analyses import moves, objects, products
from chalicelib.analyses.effects import apply_effects
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.model import Run
from chalicelib.analyses.moves import Overtaken
from chalicelib.analyses.posted import POSTERIORS
from chalicelib.analyses.products import ProductsFailed
from chalicelib.http.logs import LOGGER
from chalicelib.settings import settings

DEFAULT_CORNER = "corner.png"
_MAKEABLE = POSTERIORS | {"plots", "results"}
_ATTEMPTS = 3


def collect(run_id: int, attempt: int = 1) -> Run | None:
    """Store the products of an accepted result; returns the run as it is then, or None if it is gone.

    Doing it twice does no harm: every product has its fixed key, and every effect is applied once.

    Parameters
    ----------
    run_id : int
        Of an ended run.
    attempt : int
        Before the third, a failure of the products function is raised, so that the message comes back; then it is
        recorded with the products.
    """
    run = Run.find(run_id)
    if run is None or run.state is State.DELETED:
        return None
    if run.receipt is None or run.collected_at is not None:
        return run
    aws.s3().copy_object(
        Bucket=settings().bucket,
        Key=objects.document_key(run.id),
        CopySource={"Bucket": settings().bucket, "Key": run.receipt},
    )
    made = _make(run, attempt)
    problems = apply_effects(run, made.get("summary"))
    try:
        moves.note(
            run,
            [
                Run.products.set(made["products"] + problems),
                Run.collected_at.set(clock.now()),
                *run.due_at(None),
            ],
            Run.status != str(State.DELETED),
        )
    except Overtaken:
        # deleted meanwhile: what was just stored must not stay behind
        objects.remove_below(objects.products_prefix(run.id))
        return None
    return run


def _make(run: Run, attempt: int) -> dict[str, Any]:
    contents = set(run.contents or [])
    if not contents & _MAKEABLE:
        return {"products": []}
    corner: dict[str, Any] = {"name": DEFAULT_CORNER, "plot_kwargs": {}, "max_parameters": None}
    try:
        return products.make(
            run, objects.document_key(run.id), ["plots", "results", "inference_data", "corner"], corner
        )
    except ProductsFailed as error:
        if attempt < _ATTEMPTS:
            raise
        LOGGER.warning("the products of a run are unreadable", extra={"run": run.id, "reason": str(error)})
        return {"products": [_unreadable(name, error) for name in _names(run, contents)]}


def _names(run: Run, contents: set[str]) -> list[str]:
    plots = [f"plots/{number}" for number in range(run.num_plots)]
    return plots + sorted({"results", "inference_data"} & contents) + (["corner"] if POSTERIORS & contents else [])


def _unreadable(name: str, error: ProductsFailed) -> dict[str, Any]:
    reason = f"This could not be read: {error}. The original is part of the analysis data."
    return {"name": name, "key": None, "content_type": None, "size": 0, "error": reason}
