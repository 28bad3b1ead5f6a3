"""What the clock does: whatever is due is sent again, adopted, ended, collected or cleaned."""

import time
from collections.abc import Iterator

from pynamodb.expressions.condition import Condition

from chalicelib import aws, clock
from chalicelib.analyses import deletion, lifecycle, moves
from chalicelib.analyses.acceptance import adopt_stored_result
from chalicelib.analyses.lifecycle import State, Step
from chalicelib.analyses.model import SHARDS, Run
from chalicelib.analyses.moves import Overtaken
from chalicelib.analyses.start import send_to_dispatch
from chalicelib.http.logs import LOGGER

RUNS_A_SHARD = 200
"""How many due runs of one shard a sweep handles: a backlog is worked off over several sweeps."""

SECONDS = 50.0
"""A sweep stops by itself before the next one begins."""


def sweep(seconds: float = SECONDS) -> dict[str, int]:
    """Handle the runs that are due and return how often each step was taken."""
    stop = time.monotonic() + seconds
    taken: dict[str, int] = {}
    for run_id in _due():
        if time.monotonic() > stop:
            LOGGER.warning("the sweep stopped with runs still due; the next one goes on")
            break
        run = Run.find(run_id)
        if run is None:
            continue
        step = _handle(run)
        taken[str(step)] = taken.get(str(step), 0) + 1
    if taken:
        LOGGER.info("swept", extra={"steps": taken})
    return taken


def _due() -> Iterator[int]:
    now = clock.now()
    for shard in range(SHARDS):
        for key in Run.by_due.query(shard, Run.due <= now, limit=RUNS_A_SHARD):
            yield key.analysis_id


def _handle(run: Run) -> Step:
    step = lifecycle.due_step(run.progress, clock.now())
    try:
        _take(step, run)
    except Overtaken:
        LOGGER.info("a run moved on while it was swept", extra={"run": run.id})
    except Exception:  # noqa: BLE001 - one broken run must not keep the sweep from the others
        LOGGER.exception("a run could not be swept", extra={"run": run.id, "step": str(step)})
    return step


def _take(step: Step, run: Run) -> None:
    match step:
        case Step.SEND:
            _send_again(run)
        case Step.LOOK:
            if not adopt_stored_result(run, settled_only=True):
                _look_again(run, Run.status == str(State.PENDING))
        case Step.FAIL:
            _end(run, State.FAILURE, f"The analysis could not be sent in time. {run.status_message or ''}".strip())
        case Step.TIME_OUT:
            _end(run, State.TIMED_OUT, "The service did not send a result in time.")
        case Step.COLLECT:
            _look_again(run, Run.collected_at.does_not_exist())
            aws.send("collect", {"run": run.id})
        case Step.CLEAN:
            _look_again(run, Run.cleaned_at.does_not_exist())
            deletion.clean(run.id)
        case Step.WAIT:
            _wait(run)


def _send_again(run: Run) -> None:
    """Raise the attempt and send; `due` moves forward, so that a backlog is not multiplied."""
    if adopt_stored_result(run, settled_only=True):
        return
    moves.note(
        run,
        [
            Run.attempt.set(run.attempt + 1),
            Run.lease_until.remove(),
            Run.looks.set(run.looks + 1),
            *run.due_at(clock.now() + lifecycle.look_again_delay(run.looks)),
        ],
        (Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt) & _same_due(run),
    )
    send_to_dispatch(run)


def _look_again(run: Run, condition: Condition) -> None:
    moves.note(
        run,
        [
            Run.looks.set(run.looks + 1),
            *run.due_at(clock.now() + lifecycle.look_again_delay(run.looks)),
        ],
        condition & _same_due(run),
    )


def _same_due(run: Run) -> Condition:
    """Of two sweeps that meet a run, one handles it."""
    return Run.due == run.due


def _end(run: Run, state: State, message: str) -> None:
    if not adopt_stored_result(run, settled_only=False):
        moves.move(run, state, message)


def _wait(run: Run) -> None:
    """Nothing is to be done now: come back when the lease ends, or never."""
    held = run.state is State.QUEUED and run.lease_until is not None
    moves.note(run, run.due_at(run.lease_until if held else None), _same_due(run) & (Run.status == run.status))
