"""What the clock does for events: what was lost on its way is sent, and what nobody was told of is told.

What moved stands in an index that the same write keeps which ends a run. It is looked through once a minute, a little
further back than the last time, because the index lags behind and the subscriptions are remembered for some seconds.
"""

from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Any

from chalicelib import aws, clock, transactions
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run.moved import partitions
from chalicelib.analyses.states import ENDED
from chalicelib.events import known, queue
from chalicelib.events.items.delivery import EVENT_SHARD, FAILED, WAITING, Delivery
from chalicelib.events.items.seen_until import SeenUntil
from chalicelib.events.kinds import Kind
from chalicelib.events.retries import TRIED_FOR
from chalicelib.events.runs import tell_of

LOOK_BACK = timedelta(seconds=60)
_AHEAD = timedelta(seconds=10)
"""Clocks of other processes may be ahead of ours."""
_STRETCH = timedelta(hours=1)
_MOST_DUE = 500
_MOST_MOVED = 2000
"""Of one partition and stretch."""
_AGAIN = timedelta(minutes=5)


def look() -> None:
    """Send what is due, and tell of the ends of runs that nobody was told of."""
    _send_what_is_due()
    _tell_what_moved()


def _send_what_is_due() -> None:
    now = clock.now()
    keys = [(key.analysis_id, key.sk) for key in Run.by_due.query(EVENT_SHARD, Run.due <= now, limit=_MOST_DUE)]
    for delivery in Delivery.batch_get(keys[:_MOST_DUE], consistent_read=True) if keys else ():
        if delivery.state != WAITING or delivery.due is None or delivery.due > now:
            continue  # the index lags behind
        is_over = now > delivery.tried_from + TRIED_FOR + _AGAIN  # whatever sends it dies with it, again and again
        follows = [Delivery.state.set(FAILED), Delivery.due.remove(), Delivery.due_shard.remove()]
        actions: list[Any] = [
            Delivery.attempt.set(delivery.attempt + 1),
            *(follows if is_over else [Delivery.due.set(now + _AGAIN)]),
        ]
        as_seen = (Delivery.attempt == delivery.attempt) & (Delivery.state == WAITING)
        if transactions.holds(partial(delivery.update, actions, as_seen)) and not is_over:
            queue.send(delivery)


def _tell_what_moved() -> None:
    subscriptions = known.active()
    if not subscriptions:
        return
    now, seen = clock.now(), SeenUntil.read()
    first = min(one.active_since for one in subscriptions)
    since = first if seen is None else max(seen, first)
    until = min(now, since + _STRETCH)
    groups = {group_id for one in subscriptions for group_id in one.group_ids}
    all_of_them = any(Kind.BATCH_FINISHED in one.events for one in subscriptions)
    ended, complete = _moved(since - LOOK_BACK, until + _AHEAD)
    tell_of(
        run.id
        for run in ended
        if all_of_them or not groups.isdisjoint([*(run.group_ids or ()), *(run.listed_group_ids or ())])
    )
    SeenUntil.write(complete or until)
    if complete is not None or until < now:
        aws.send("events", {"look": True})


def _moved(since: datetime, until: datetime) -> tuple[list[Run], datetime | None]:
    """Return the entries of runs that have ended and moved in some time; and until when, if not all of them fit."""
    found: list[Run] = []
    complete: datetime | None = None
    for partition in partitions(since, until):
        page = list(
            islice(Run.by_moved.query(partition, Run.moved.between(since, until), limit=_MOST_MOVED), _MOST_MOVED)
        )
        if len(page) == _MOST_MOVED:
            complete = min(complete or page[-1].moved, page[-1].moved)
        found += page
    return [run for run in found if run.state in ENDED], complete
