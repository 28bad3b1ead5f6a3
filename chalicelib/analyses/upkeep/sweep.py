"""What the clock does: whatever is due is sent again, adopted, ended, collected or cleaned."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial

from pynamodb.expressions.condition import Condition

from chalicelib import aws, clock
from chalicelib.analyses import states, timing
from chalicelib.analyses.dispatch import waiting
from chalicelib.analyses.items.batch import BATCH_SK
from chalicelib.analyses.items.health import HEALTH_SK
from chalicelib.analyses.items.in_flight import IN_FLIGHT_SK
from chalicelib.analyses.items.relayed import RELAYED_SK
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.results.acceptance import adopt_stored_result, end
from chalicelib.analyses.run import objects, owed, transitions
from chalicelib.analyses.run.due import Key, due_keys, put_off_on_error, read_runs, same_due
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.start import batch
from chalicelib.analyses.states import State, Step
from chalicelib.analyses.upkeep import cleanup
from chalicelib.analyses.upkeep.resending import send_again
from chalicelib.http.logs import LOGGER
from chalicelib.threads import at_once

DUE_A_SHARD = 200
"""How much of one shard a sweep handles: a backlog is worked off over several sweeps."""

SECONDS = 50.0
"""A sweep stops by itself before the next one begins."""

_READ_AT_ONCE = 100
_AT_ONCE = 8
"""Runs that are handled at the same time: nearly all of a sweep is waiting for answers."""

_TENDED: dict[str, tuple[str, Callable[[int], None]]] = {
    IN_FLIGHT_SK: ("places", waiting.tend_places),
    HEALTH_SK: ("health", waiting.tend_health),
    BATCH_SK: ("batch", batch.expand_again),
    RELAYED_SK: ("relay", owed.remind),
}
"""What is due besides runs, by its sort key."""


def sweep(seconds: float = SECONDS) -> dict[str, int]:
    """Handle what is due and return how often each step was taken.

    One query for each shard and one read for every hundred runs; then at most four calls for each run, up to
    `DUE_A_SHARD` in each shard, however many are due.
    """
    stop = time.monotonic() + seconds
    taken: Counter[str] = Counter()
    keys = due_keys(DUE_A_SHARD)
    for first in range(0, len(keys), _READ_AT_ONCE):
        if time.monotonic() > stop:
            LOGGER.warning("the sweep stopped with runs still due; the next one goes on")
            break
        taken.update(at_once(lambda task: task(), _tasks(keys[first : first + _READ_AT_ONCE]), _AT_ONCE))
    if taken:
        LOGGER.info("swept", extra={"steps": dict(taken)})
    return dict(taken)


def _tasks(keys: list[Key]) -> list[Callable[[], str]]:
    runs = read_runs(key for key in keys if key[1] == RUN_SK)
    return [
        *(partial(_handle, run) for run in runs),
        *(partial(_tend, key) for key in keys if key[1] in _TENDED),
    ]


def _tend(key: Key) -> str:
    number, kind = key
    name, tend = _TENDED[kind]
    with put_off_on_error(key):
        tend(number)
    return name


def _handle(run: Run) -> str:
    step: Step | None = None
    with put_off_on_error((run.id, RUN_SK), run.looks):
        step = states.due_step(run.progress, clock.now())
        try:
            _take(step, run)
        except Overtaken:
            LOGGER.info("a run moved on while it was swept", extra={"run": run.id})
    return "unknown" if step is None else str(step)


def _take(step: Step, run: Run) -> None:
    match step:
        case Step.SEND:
            send_again(run)
        case Step.LOOK:
            if not adopt_stored_result(run, settled_only=True):
                _look_again(run, Run.status == str(State.PENDING))
        case Step.FAIL:
            end(run, State.FAILURE, f"The analysis could not be sent in time. {run.status_message or ''}".strip())
        case Step.TIME_OUT:
            end(run, State.TIMED_OUT, "The service did not send a result in time.")
        case Step.COLLECT:
            _look_again(run, Run.collected_at.does_not_exist())
            aws.send("collect", {"run": run.id})
        case Step.CLEAN:
            _look_again(run, Run.cleaned_at.does_not_exist())
            cleanup.clean(run.id)
        case Step.DROP_UPLOADS:
            objects.remove_below(objects.uploads_prefix(run.id))
            transitions.note(run, [Run.upload_until.remove(), *transitions.due_at(run, None)], same_due(run))
        case Step.WAIT:
            _wait(run)


def _look_again(run: Run, condition: Condition) -> None:
    transitions.note(
        run,
        [
            Run.looks.set(run.looks + 1),
            *transitions.due_at(run, _next_look(run)),
        ],
        condition & same_due(run),
    )


def _next_look(run: Run) -> datetime:
    """Return when to look again: ever later, but not later than the end of a run that stays silent."""
    later = clock.now() + timing.look_again_delay(run.looks)
    return min(later, run.invalid_after + timing.GRACE) if run.state is State.PENDING else later


def _wait(run: Run) -> None:
    """Nothing is to be done now: come back when the lease ends, or never."""
    held = run.state is State.QUEUED and run.lease_until is not None
    then = run.lease_until if held else timing.uploads_dropped_at(run.upload_until)
    transitions.note(run, transitions.due_at(run, then), same_due(run) & (Run.status == run.status))
