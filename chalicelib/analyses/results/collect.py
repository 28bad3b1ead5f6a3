"""Collecting an accepted result: products are made and stored, and what the result says of the source is applied.

Results and plots come first and can be read from then on; then what the result says of its source; last inference
data, which can be read as soon as it is stored, and the corner plot, which takes longest.
"""

from typing import Any

from chalicelib import aws, clock
from chalicelib.analyses import timing
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results import products_function
from chalicelib.analyses.results.effects import apply_effects, may_have_effects, not_applied, take_back_effects
from chalicelib.analyses.results.posted import EFFECTS, POSTERIORS, facts_of_uploaded
from chalicelib.analyses.results.products_function import DocumentUnreadable, ProductsFailed
from chalicelib.analyses.run import ended, objects, transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.analyses.timing import FIRST_DELAY
from chalicelib.http.logs import LOGGER
from chalicelib.metrics.measure import count, measure
from chalicelib.metrics.names import Count, Seconds

DEFAULT_CORNER = "corner.png"
_FIRST = ["plots", "results"]
_ATTEMPTS = 3
_MOST_CHARACTERS = 300
_MOST_PARAMETERS = {1: 30, 2: 20, _ATTEMPTS: 12}
"""Of a corner plot, by attempt: what was too much for the products function is tried with less."""

_TOO_LARGE = "they are too large"
_UNREAD = "the result could not be read"

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
    made, known = _first(run, attempt)
    try:
        if known or _last(run) or may_have_effects(run, made["summary"]):
            # products are there for readers, even if it takes longer to tell the source and to draw the posterior
            transitions.note(run, [Run.products.set(made["products"]), *known], Run.status != str(State.DELETED))
        effects = apply_effects(run, made["summary"], made["analysis"], made["omitted"])
        last = _rows(run, _make(run, _last(run), attempt))
        transitions.note(
            run,
            [
                Run.products.set(made["products"] + last),
                Run.effects.set(effects),
                Run.collected_at.set(clock.now()),
                *transitions.due_at(run, timing.uploads_dropped_at(run.upload_until)),
            ],
            Run.status != str(State.DELETED),
        )
    except Overtaken:
        # deleted meanwhile: what was just stored, here and on the source, must not stay behind
        objects.remove_below(objects.products_prefix(run.id))
        if (tombstone := Run.find(run.id)) is not None:
            take_back_effects(tombstone)
        return None
    measure(Seconds.COLLECTION_LAG, run.last_activity, service=run.service_id)
    if failed := sum(row["error"] is not None for row in made["products"] + last):
        count(Count.PRODUCTS_FAILED, failed, service=run.service_id)
    ended.tell_portal(run)
    return run


def collect_files(run: Run) -> Run | None:
    """Store what can be read at once, for somebody who is earlier than the collector, which does all the rest.

    Returns the run as it is then, or None if it is gone.
    """
    objects.copy(str(run.receipt), objects.document_key(run.id))
    made, known = _first(run, _ATTEMPTS)
    still_open = (Run.status != str(State.DELETED)) & Run.collected_at.does_not_exist()
    try:
        transitions.note(run, [Run.products.set(made["products"]), *known], still_open)
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
    missing = [_unreadable(name, reason) for name in _names(run, [*_FIRST, *_last(run)]) if name not in there]
    transitions.note(
        run,
        [
            Run.products.set(made + missing),
            Run.effects.set(not_applied(run, reason)),
            Run.collected_at.set(clock.now()),
            *transitions.due_at(run, timing.uploads_dropped_at(run.upload_until)),
        ],
        Run.collected_at.does_not_exist() & (Run.status != str(State.DELETED)),
    )
    ended.tell_portal(run)


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


def _first(run: Run, attempt: int) -> tuple[dict[str, Any], list[Any]]:
    """Make what comes first; return it, and the actions that record what is in a result that nobody had looked into.

    What is made also holds `analysis`, as far as effects need it, or None if it is to be read, and `omitted`: what
    cannot be applied, and why.
    """
    is_uploaded = objects.is_uploaded(str(run.receipt))
    made = _make(run, _FIRST if is_uploaded else [kind for kind in _FIRST if kind in (run.contents or [])], attempt)
    found = made.get("facts") if is_uploaded else None
    if found is None:
        omitted = dict.fromkeys(sorted(EFFECTS & set(run.contents or [])), _UNREAD) if is_uploaded else {}
        return {**made, "products": _rows(run, made), "analysis": {} if is_uploaded else None, "omitted": omitted}, []
    facts = facts_of_uploaded(found["present"], found["plots"], found["digest"], found["small"])
    for name, value in facts.items():
        setattr(run, name, value)
    actions = [getattr(Run, name).set(value) for name, value in facts.items() if value is not None]
    omitted = {name: _TOO_LARGE for name in found["omitted"] if name in EFFECTS}
    return {**made, "products": _rows(run, made), "analysis": found["small"], "omitted": omitted}, actions


def _last(run: Run) -> list[str]:
    contents = set(run.contents or [])
    samples = ["posterior"] if POSTERIORS & contents and "inference_data" not in contents else []
    return [*({"inference_data"} & contents), *samples, *(["corner"] if POSTERIORS & contents else [])]


def _make(run: Run, wanted: list[str], attempt: int) -> dict[str, Any]:
    """Have products made; what fails for good is in `failed`, by kind, after the last attempt one by one."""
    if not wanted:
        return {"products": [], "summary": None}
    corner = {"name": DEFAULT_CORNER, "plot_kwargs": {}, "most": _MOST_PARAMETERS[min(attempt, _ATTEMPTS)]}
    try:
        return products_function.make(run, objects.document_key(run.id), wanted, corner)
    except DocumentUnreadable as error:
        return {"products": [], "summary": None, "failed": dict.fromkeys(wanted, str(error))}
    except ProductsFailed as error:
        if attempt < _ATTEMPTS:
            raise
        if len(wanted) > 1:
            return _merged([_make(run, [kind], attempt) for kind in wanted])
        LOGGER.warning("products of a run are unreadable", extra={"run": run.id, "reason": str(error)})
        return {"products": [], "summary": None, "failed": dict.fromkeys(wanted, str(error))}


def _merged(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "products": [row for part in parts for row in part["products"]],
        "failed": {kind: reason for part in parts for kind, reason in part.get("failed", {}).items()},
        **{name: next(filter(None, (part.get(name) for part in parts)), None) for name in ("summary", "facts")},
    }


def _rows(run: Run, made: dict[str, Any]) -> list[Row]:
    """Return what was made, and what was not: its names are known once it is known what the result holds."""
    failed: dict[str, str] = made.get("failed", {})
    lacking = [_unreadable(name, reason) for kind, reason in failed.items() for name in _names(run, [kind])]
    return [*made["products"], *lacking]


def _names(run: Run, kinds: list[str]) -> list[str]:
    """Return the names of the products of these kinds that a run has; results stand for all that nobody could read."""
    plots = [f"plots/{number}" for number in range(run.num_plots)] if "plots" in kinds else []
    contents = {"results"} if products_function.contents_unknown(run) else set(run.contents or [])
    posterior = [kind for kind in ("posterior", "corner") if kind in kinds and POSTERIORS & contents]
    return plots + sorted({"results", "inference_data"} & set(kinds) & contents) + posterior


def _unreadable(name: str, error: str) -> Row:
    reason = f"This could not be read: {error}. The original is part of the analysis data."
    return {"name": name, "key": None, "content_type": None, "size": 0, "error": reason[:_MOST_CHARACTERS]}
