"""Sending a run again whose message was lost or whose dispatcher died; one that no dispatcher survives is given up."""

from datetime import datetime
from typing import Any

from chalicelib import aws, clock
from chalicelib.analyses import timing
from chalicelib.analyses.dispatch import attempts
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.acceptance import adopt_stored_result
from chalicelib.analyses.run import dispatch_queue, transitions
from chalicelib.analyses.run.due import same_due
from chalicelib.analyses.states import State

_INTERRUPTED = "the dispatcher was interrupted."


def send_again(run: Run) -> None:
    """Raise the attempt and send, as soon as it is time; a result that was stored and never committed counts first.

    `due` moves forward, so that a backlog is not multiplied.

    Raises
    ------
    Overtaken
        The run was sent by somebody else, or has ended.
    """
    if adopt_stored_result(run, settled_only=True):
        return
    interruptions = attempts.interruptions(run)
    if interruptions >= timing.INTERRUPTIONS:
        _give_up(run)
        return
    delay = timing.resend_delay(interruptions)
    now = clock.now()
    _note(
        run,
        [
            Run.attempt.set(run.attempt + 1),
            Run.waits_for.remove(),
            *(
                [Run.status_message.set(transitions.waiting_message(_INTERRUPTED, now + delay))]
                if interruptions
                else []
            ),
        ],
        now + delay,
        min(now + delay + timing.look_again_delay(run.looks), run.send_before),
    )
    dispatch_queue.send(run, delay)


def _give_up(run: Run) -> None:
    """Hand the run to whoever ends what fails again and again: the queue counts only deaths with one message."""
    _note(run, [], None, clock.now() + timing.LONGEST_DELAY)
    aws.send("dispatch-dead", dispatch_queue.message_of(run))


def _note(run: Run, actions: list[Any], next_try: datetime | None, due: datetime) -> None:
    interrupted = [] if run.lease_until is None else [Run.attempts.set(attempts.with_interruption(run, next_try))]
    transitions.note(
        run,
        [
            Run.lease_until.remove(),
            Run.looks.set(run.looks + 1),
            *actions,
            *interrupted,
            *transitions.due_at(run, due),
        ],
        (Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt) & same_due(run),
    )
