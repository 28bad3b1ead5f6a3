"""Changes of state in DynamoDB: each carries the states that it may start from, so that no run goes backwards."""

from datetime import datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition

from chalicelib import clock, transactions
from chalicelib.analyses.lifecycle import ENDED, OPEN, State, may_become
from chalicelib.analyses.model import Run, RunCount

MESSAGE_BYTES = 4000
"""Longest status message on the record."""

_CONDITION_FAILED = "ConditionalCheckFailedException"


class Overtaken(Exception):
    """The run has left the states that the change starts from."""


def shortened(text: str) -> str:
    """Cut a message to what the record holds, without control characters."""
    clean = "".join(character if character.isprintable() or character in "\n\t" else " " for character in text)
    encoded = clean.encode("utf-8", "replace")
    return clean if len(encoded) <= MESSAGE_BYTES else encoded[: MESSAGE_BYTES - 4].decode("utf-8", "ignore") + " …"


def note(run: Run, actions: list[Any], condition: Condition) -> None:
    """Change facts about a run without changing its state; `run` then holds what is stored.

    Raises
    ------
    Overtaken
        The condition does not hold.
    """
    try:
        run.update(actions=[*actions, Run.modified.set(clock.now())], condition=Run.analysis_id.exists() & condition)
    except UpdateError as error:
        if error.cause_response_code == _CONDITION_FAILED:
            raise Overtaken from error
        raise


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

    The author's counts of open and completed runs on the object change in the same transaction.

    Raises
    ------
    Overtaken
        The run has left the states that lead there, or `condition` does not hold.
    """
    now = clock.now()
    changes = [
        Run.status.set(str(to)),
        Run.modified.set(now),
        Run.last_activity.set(now),
        Run.lease_until.remove(),
        *run.due_at(due),
        *(actions or []),
    ]
    if message is not None:
        changes.append(Run.status_message.set(shortened(message)))
    allowed = Run.status.is_in(*sorted(may_become(to)))
    if condition is not None:
        allowed &= condition

    counted = _count_changes(run.state, to)

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.update(run, actions=changes, condition=allowed)
        count = RunCount(run.obj_id, RunCount.key(run.author_id))
        transaction.update(count, actions=[*counted, RunCount.modified.set(now)])

    try:
        if counted:
            transactions.write(fill)
        else:
            run.update(actions=changes, condition=allowed)
    except TransactWriteError as error:
        if transactions.condition_failed(error):
            raise Overtaken from error
        raise
    except UpdateError as error:
        if error.cause_response_code == _CONDITION_FAILED:
            raise Overtaken from error
        raise
    run.status = str(to)


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
