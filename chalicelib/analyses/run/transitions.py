"""Changes of state in DynamoDB: each carries the states that it may start from, so that no run goes backwards."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition

from chalicelib import clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.items.in_flight import InFlight
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run import dispatch_queue, ended, moved
from chalicelib.analyses.states import ENDED, OPEN, State
from chalicelib.http.logs import LOGGER
from chalicelib.metrics.measure import count, measure
from chalicelib.metrics.names import Count, Seconds

MESSAGE_BYTES = 4000
"""Longest status message on the record."""


_SOURCES: dict[State, frozenset[State]] = {
    State.QUEUED: frozenset(),
    State.PENDING: frozenset({State.QUEUED}),
    **dict.fromkeys(ENDED, OPEN),
    State.DELETED: OPEN | ENDED,
}


def may_become(state: State) -> frozenset[State]:
    """Return the states that lead to this one."""
    return _SOURCES[state]


class Overtaken(Exception):
    """The run has left the states that the change starts from."""


def shortened(text: str) -> str:
    """Cut a message to what the record holds, without control characters."""
    clean = "".join(character if character.isprintable() or character in "\n\t" else " " for character in text)
    encoded = clean.encode("utf-8", "replace")
    return clean if len(encoded) <= MESSAGE_BYTES else encoded[: MESSAGE_BYTES - 4].decode("utf-8", "ignore") + " …"


def waiting_message(reason: str, next_try: datetime) -> str:
    """Say why a run waits and when it is tried next."""
    return f"Waiting: {reason} Next try at {next_try.isoformat(timespec='seconds')} UTC."


def due_at(run: Run, moment: datetime | None) -> list[Any]:
    """Return the actions that set when the sweep looks at a run next, or never."""
    if moment is None:
        return [Run.due.remove(), Run.due_shard.remove()]
    return [Run.due.set(moment), Run.due_shard.set(shard_of(run.id))]


def note(run: Run, actions: list[Any], condition: Condition) -> None:
    """Change facts about a run without changing its state; `run` then holds what is stored.

    Raises
    ------
    Overtaken
        The condition does not hold.
    """
    now = clock.now()
    _update(run, [*actions, Run.modified.set(now), *moved.noted(run.id, now)], Run.analysis_id.exists() & condition)


def note_attempt(run: Run, made: list[Any]) -> None:
    """Keep an attempt on a run that has ended while it was made; nothing if the run is gone or was sent again."""
    try:
        note(Run(run.id), made, (Run.status != str(State.DELETED)) & (Run.attempt == run.attempt))
    except Overtaken:
        LOGGER.info("the run of an attempt is gone or was sent again", extra={"run": run.id})


def wait(run: Run, message: str, due: datetime, actions: Sequence[Any]) -> bool:
    """Let a queued run wait, out of the dispatcher's hands; say whether it had a place, which others may have now.

    Its attempt is a new one, so that messages about it that are under way are dropped.

    Raises
    ------
    Overtaken
        The run was sent again or has ended.
    """
    now, leaves = clock.now(), bool(run.holds_place)
    changes = [
        *actions,
        Run.attempt.set(run.attempt + 1),
        Run.lease_until.remove(),
        Run.last_activity.set(now),
        Run.modified.set(now),
        *moved.noted(run.id, now),
        Run.status_message.set(shortened(message)),
        *due_at(run, due),
    ]
    condition = (Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt)
    if not leaves:
        _update(run, changes, condition)
        return False

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.update(run, actions=[*changes, Run.holds_place.remove()], condition=condition)
        transaction.update(InFlight(run.service_id), actions=[InFlight.in_flight.delete({run.id})])

    _write(fill)
    run.attempt, run.holds_place = run.attempt + 1, None
    return True


def move(  # noqa: PLR0913 - what changes, on which condition, and when to look again
    run: Run,
    to: State,
    message: str | None,
    *,
    actions: list[Any] | None = None,
    condition: Condition | None = None,
    due: datetime | None = None,
) -> None:
    """Take a run to another state, with its message and when the sweep must look at it next.

    The author's counts of open and completed runs on the object change in the same transaction, and the place that the
    run has among those that its service is sent is freed when it ends.

    Raises
    ------
    Overtaken
        The run has left the states that lead there, or `condition` does not hold.
    """
    now, was = clock.now(), run.state
    since = run.created_at if was is State.QUEUED else run.last_activity
    if due is None and to in ENDED:
        due = timing.uploads_dropped_at(run.upload_until)
    leaves = bool(run.holds_place) and run.state in OPEN and to not in OPEN
    changes = [*_changes(to, message, now), *moved.noted(run.id, now), *due_at(run, due), *(actions or [])]
    if leaves:
        changes.append(Run.holds_place.remove())
    allowed = Run.status.is_in(*sorted(may_become(to)))
    if condition is not None:
        allowed &= condition

    counted = _count_changes(run.state, to)
    if counted:
        counts = RunCount.of(run)

        def fill(transaction: transactions.TransactWrite) -> None:
            transaction.update(run, actions=changes, condition=allowed)
            transaction.update(counts, actions=[*counted, RunCount.modified.set(now)])
            if leaves:
                transaction.update(InFlight(run.service_id), actions=[InFlight.in_flight.delete({run.id})])

        _write(fill)
    else:
        _update(run, changes, allowed)
    _measure(run, was, since, to)
    run.status = str(to)
    if leaves:
        run.holds_place = None
        dispatch_queue.wake(run.service_id)
    if to not in OPEN:
        ended.tell(run)


def _measure(run: Run, was: State, since: datetime | None, to: State) -> None:
    """Count a change of state, and measure how long the run was in the one before."""
    if was in OPEN:
        measure(Seconds.QUEUED if was is State.QUEUED else Seconds.PENDING, since, service=run.service_id)
    if to is State.PENDING:
        count(Count.DISPATCHED, service=run.service_id)
    elif to in ENDED:
        count(Count.ENDED, service=run.service_id, state=str(to))


def _write(fill: Callable[[transactions.TransactWrite], None]) -> None:
    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if transactions.condition_failed(error):
            raise Overtaken from error
        raise


def _update(run: Run, actions: list[Any], condition: Condition) -> None:
    try:
        run.update(actions=actions, condition=condition)
    except UpdateError as error:
        if transactions.refused(error):
            raise Overtaken from error
        raise


def _changes(to: State, message: str | None, now: datetime) -> list[Any]:
    """Return what changes on every run that comes to a state."""
    return [
        Run.status.set(str(to)),
        Run.modified.set(now),
        Run.last_activity.set(now),
        Run.lease_until.remove(),
        Run.waits_for.remove(),
        *([] if message is None else [Run.status_message.set(shortened(message))]),
    ]


def _count_changes(start: State, to: State) -> list[Any]:
    """Return how the counts change; for a deletion this depends on the state that `run` was read in."""
    changes = []
    if start in OPEN and to not in OPEN:
        changes.append(RunCount.open_runs.add(-1))
    if to is State.COMPLETED:
        changes.append(RunCount.completed_runs.add(1))
    if start is State.COMPLETED and to is State.DELETED:
        changes.append(RunCount.completed_runs.add(-1))
    return changes


def counted_condition(run: Run) -> Condition:
    """Return the condition that a deletion needs: the counts depend on the state it starts from."""
    if run.state in ENDED:
        return Run.status == run.status
    return Run.status.is_in(*sorted(OPEN))
