"""Collecting an accepted result: products are made and stored, and what the result says of the source is applied."""

from typing import Any

from chalicelib import aws, clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.lifecycle import FIRST_DELAY, State
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.effects import apply_effects, may_have_effects, not_applied, take_back_effects
from chalicelib.analyses.results.posted import POSTERIORS
from chalicelib.analyses.results.products_function import ProductsFailed
from chalicelib.analyses.run import objects, transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.http.logs import LOGGER

DEFAULT_CORNER = "corner.png"
_MAKEABLE = POSTERIORS | {"plots", "results"}
_ATTEMPTS = 3
_MOST_CHARACTERS = 300


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
    objects.copy(run.receipt, objects.document_key(run.id))
    made = _make(run, attempt)
    try:
        if may_have_effects(run, made.get("summary")):
            # products are there for readers, even if it takes longer to tell the source
            transitions.note(run, [Run.products.set(made["products"])], Run.status != str(State.DELETED))
        effects = apply_effects(run, made.get("summary"))
        transitions.note(
            run,
            [
                Run.products.set(made["products"]),
                Run.effects.set(effects),
                Run.collected_at.set(clock.now()),
                *transitions.due_at(run, None),
            ],
            Run.status != str(State.DELETED),
        )
    except Overtaken:
        # deleted meanwhile: what was just stored, here and on the source, must not stay behind
        objects.remove_below(objects.products_prefix(run.id))
        if (tombstone := Run.find(run.id)) is not None:
            take_back_effects(tombstone)
        return None
    return run


def give_up(run_id: int, reason: str) -> None:
    """Record the products of a run as unreadable, because collecting them fails again and again."""
    run = Run.find(run_id)
    if run is None or run.state is State.DELETED or run.receipt is None or run.collected_at is not None:
        return
    objects.copy(run.receipt, objects.document_key(run.id))
    transitions.note(
        run,
        [
            Run.products.set([_unreadable(name, reason) for name in _names(run, set(run.contents or []))]),
            Run.effects.set(not_applied(run, reason)),
            Run.collected_at.set(clock.now()),
            *transitions.due_at(run, None),
        ],
        Run.collected_at.does_not_exist() & (Run.status != str(State.DELETED)),
    )


def collect_again(run_id: int) -> None:
    """Collect the products of a run anew, whatever became of them before."""
    run = Run.find(run_id)
    if run is None or run.state is State.DELETED or run.receipt is None:
        return
    transitions.note(
        run,
        [
            Run.collected_at.remove(),
            Run.products.remove(),
            Run.effects.remove(),
            *transitions.due_at(run, clock.now() + FIRST_DELAY),
        ],
        Run.status != str(State.DELETED),
    )
    aws.send("collect", {"run": run_id})


def _make(run: Run, attempt: int) -> dict[str, Any]:
    contents = set(run.contents or [])
    if not contents & _MAKEABLE:
        return {"products": []}
    wanted = ["plots", "results", "inference_data", *_corner(contents)]
    corner: dict[str, Any] = {"name": DEFAULT_CORNER, "plot_kwargs": {}, "max_parameters": None}
    try:
        return products_function.make(run, objects.document_key(run.id), wanted, corner)
    except ProductsFailed as error:
        if attempt < _ATTEMPTS:
            raise
        LOGGER.warning("the products of a run are unreadable", extra={"run": run.id, "reason": str(error)})
        return {"products": [_unreadable(name, error) for name in _names(run, contents)]}


def _names(run: Run, contents: set[str]) -> list[str]:
    plots = [f"plots/{number}" for number in range(run.num_plots)]
    return plots + sorted({"results", "inference_data"} & contents) + _corner(contents)


def _corner(contents: set[str]) -> list[str]:
    return ["corner"] if POSTERIORS & contents else []


def _unreadable(name: str, error: ProductsFailed | str) -> dict[str, Any]:
    reason = f"This could not be read: {error}. The original is part of the analysis data."
    return {"name": name, "key": None, "content_type": None, "size": 0, "error": reason[:_MOST_CHARACTERS]}
