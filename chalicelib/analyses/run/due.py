"""What is due: found through the index, read, and put off when nothing can be done with it."""

import random
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import Condition

from chalicelib import clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.table import SHARDS
from chalicelib.http.logs import LOGGER

Key = tuple[int, str]
"""The number of a run, service or batch, and the sort key that says which."""

_UNREADABLE = (ValueError, TypeError)
"""What reading an item raises that holds what it should not."""


def due_keys(most_a_shard: int) -> list[Key]:
    """Return the keys of what is due; which shard comes first changes, so that none is always cut off."""
    now = clock.now()
    keys = []
    for shard in random.sample(range(SHARDS), SHARDS):
        found = Run.by_due.query(shard, Run.due <= now, limit=most_a_shard)
        keys += [(key.analysis_id, key.sk) for key in found]
    return keys


def same_due(run: Run) -> Condition:
    """Of two sweeps that meet a run, one handles it."""
    condition: Condition = Run.due == run.due
    return condition


def read_runs(keys: Iterable[Key]) -> list[Run]:
    """Read runs in one call; one that cannot be read is put off and left out, and makes it a call for each."""
    wanted = list(keys)
    try:
        return list(Run.batch_get(wanted, consistent_read=True))
    except _UNREADABLE:
        found = [_read(key) for key in wanted]
        return [run for run in found if run is not None]


def _read(key: Key) -> Run | None:
    try:
        return Run.find(key[0])
    except _UNREADABLE:
        LOGGER.exception("a run cannot be read", extra={"run": key[0]})
        put_off(key, timing.LONGEST_DELAY)
        return None


def put_off(key: Key, delay: timedelta, actions: Iterable[Any] = ()) -> None:
    """Come back later to what could not be handled, unless it moved on: it must not stand before the others for ever.

    A transaction, because a plain update would read the item.
    """
    now = clock.now()

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.update(Run(*key), actions=[Run.due.set(now + delay), *actions], condition=Run.due <= now)

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if not transactions.condition_failed(error):
            LOGGER.exception("what could not be swept could not be put off either", extra={"number": key[0]})


@contextmanager
def put_off_on_error(key: Key, looks: int = 0) -> Iterator[None]:
    """Log what goes wrong in here, and come back to it later: it must not keep the sweep from the others."""
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is: the others are not to blame
        LOGGER.exception("what is due could not be handled", extra={"number": key[0], "kind": key[1]})
        put_off(key, timing.look_again_delay(looks), [Run.looks.set(looks + 1)] if key[1] == RUN_SK else [])
