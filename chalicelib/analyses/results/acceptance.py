"""Accepting a result: stored first, then committed, so that what reached us is never lost and exactly one counts."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.expressions.condition import Condition

from chalicelib import aws, clock
from chalicelib.analyses import timing
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import UPLOADED, Posted, facts_of, message_of, succeeded
from chalicelib.analyses.results.uploading import commit_of
from chalicelib.analyses.run import objects, transitions
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.http.logs import LOGGER
from chalicelib.settings import settings


def store(run_id: int, posted: Posted) -> str:
    """Store what a service posted and return its receipt; nothing is accepted yet."""
    receipt = objects.new_receipt(run_id)
    objects.put_json(receipt, dict(posted))
    return receipt


def commit(run: Run, receipt: str, posted: Posted) -> None:
    """Accept a stored result: the run names its receipt, and has ended from then on.

    Raises
    ------
    Overtaken
        The run has ended before.
    """
    now = clock.now()
    # what an uploaded result holds is known when it is collected: here it is never read
    known = {"contents": [UPLOADED]} if objects.is_uploaded(receipt) else facts_of(posted)
    facts = {"receipt": receipt, "duration": (now - run.created_at).total_seconds(), **known}
    transitions.move(
        run,
        State.COMPLETED if succeeded(posted) else State.FAILURE,
        message_of(posted),
        actions=[getattr(Run, name).set(value) for name, value in facts.items() if value is not None],
        due=now + timing.FIRST_DELAY,
    )
    run.receipt = receipt
    ask_for_collection(run)


def adopt_stored_result(run: Run, *, settled_only: bool) -> bool:
    """Accept a result that was stored but never committed, because its webhook died in between.

    Parameters
    ----------
    run : Run
        One that has not ended.
    settled_only : bool
        Leave alone what is so young that its webhook may still be at work.

    Returns
    -------
    bool
        Whether the run has ended, by this result or another one.
    """
    listed = aws.s3().list_objects_v2(Bucket=settings().bucket, Prefix=objects.incoming_prefix(run.id), MaxKeys=10)
    for item in listed.get("Contents", []):
        age = clock.now() - item["LastModified"].replace(tzinfo=None)
        if settled_only and age < timing.SETTLING:
            continue
        try:
            key = item["Key"]
            commit(run, key, commit_of(key) if objects.is_uploaded(key) else objects.get_json(key))
        except Overtaken:
            LOGGER.info("the run ended while a stored result was adopted", extra={"run": run.id})
        else:
            LOGGER.warning("adopted a result whose webhook died", extra={"run": run.id})
        return True
    return False


def end(run: Run, state: State, message: str, actions: Sequence[Any] = (), condition: Condition | None = None) -> None:
    """End a run without a result, unless one has arrived after all and was only never committed.

    Raises
    ------
    Overtaken
        The run ended in another way, or `condition` does not hold.
    """
    if not adopt_stored_result(run, settled_only=False):
        transitions.move(run, state, message, actions=list(actions), condition=condition)


def ask_for_collection(run: Run) -> None:
    """Have the products of an accepted result stored."""
    try:
        aws.send("collect", {"run": run.id})
    except (BotoCoreError, ClientError):
        # the result is committed and the run is due: the sweep sends the message again
        LOGGER.warning("a result was accepted, but the collect queue did not take its message", exc_info=True)
