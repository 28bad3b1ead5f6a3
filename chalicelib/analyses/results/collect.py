"""Collecting an accepted result: products are made and stored, and what the result says of the source is applied.

Results, plots and inference data come first and can be read from then on; the corner plot, which takes longest, last.
"""

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
_FILES = ["plots", "results", "inference_data"]
_ATTEMPTS = 3
_MOST_CHARACTERS = 300
_MOST_PARAMETERS = {1: 30, 2: 20, _ATTEMPTS: 12}
"""Of a corner plot, by attempt: what was too much for the products function is tried with less."""

Row = dict[str, Any]


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
    made = _make(run, _files(run), attempt)
    try:
        if may_have_effects(run, made.get("summary")) or _has_posterior(run):
            # products are there for readers, even if it takes longer to tell the source and to draw the posterior
            transitions.note(run, [Run.products.set(made["products"])], Run.status != str(State.DELETED))
        effects = apply_effects(run, made.get("summary"))
        corner = _make(run, ["corner"], attempt)["products"] if _has_posterior(run) else []
        transitions.note(
            run,
            [
                Run.products.set(made["products"] + corner),
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


def collect_files(run: Run) -> Run | None:
    """Store what can be read at once, for somebody who is earlier than the collector, which does all the rest.

    Returns the run as it is then, or None if it is gone.
    """
    objects.copy(str(run.receipt), objects.document_key(run.id))
    made = _make(run, _files(run), _ATTEMPTS)
    still_open = (Run.status != str(State.DELETED)) & Run.collected_at.does_not_exist()
    try:
        transitions.note(run, [Run.products.set(made["products"])], still_open)
    except Overtaken:
        found = Run.find(run.id)
        if found is None or found.state is State.DELETED:
            objects.remove_below(objects.products_prefix(run.id))
            return None
        return found  # collected meanwhile
    return run


def give_up(run_id: int, reason: str) -> None:
    """Record the products that a run lacks as unreadable, because collecting them fails again and again."""
    run = Run.find(run_id)
    if run is None or run.state is State.DELETED or run.receipt is None or run.collected_at is not None:
        return
    objects.copy(run.receipt, objects.document_key(run.id))
    made: list[Row] = run.products or []
    there = {row["name"] for row in made}
    missing = [_unreadable(name, reason) for name in _names(run, [*_files(run), "corner"]) if name not in there]
    transitions.note(
        run,
        [
            Run.products.set(made + missing),
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


def _files(run: Run) -> list[str]:
    return [kind for kind in _FILES if kind in (run.contents or [])]


def _has_posterior(run: Run) -> bool:
    return bool(POSTERIORS & set(run.contents or []))


def _make(run: Run, wanted: list[str], attempt: int) -> dict[str, Any]:
    if not wanted:
        return {"products": []}
    corner = {"name": DEFAULT_CORNER, "plot_kwargs": {}, "most": _MOST_PARAMETERS[min(attempt, _ATTEMPTS)]}
    try:
        return products_function.make(run, objects.document_key(run.id), wanted, corner)
    except ProductsFailed as error:
        if attempt < _ATTEMPTS:
            raise
        LOGGER.warning("products of a run are unreadable", extra={"run": run.id, "reason": str(error)})
        return {"products": [_unreadable(name, error) for name in _names(run, wanted)]}


def _names(run: Run, kinds: list[str]) -> list[str]:
    plots = [f"plots/{number}" for number in range(run.num_plots)] if "plots" in kinds else []
    corner = ["corner"] if "corner" in kinds and _has_posterior(run) else []
    return plots + sorted({"results", "inference_data"} & set(kinds)) + corner


def _unreadable(name: str, error: ProductsFailed | str) -> Row:
    reason = f"This could not be read: {error}. The original is part of the analysis data."
    return {"name": name, "key": None, "content_type": None, "size": 0, "error": reason[:_MOST_CHARACTERS]}
