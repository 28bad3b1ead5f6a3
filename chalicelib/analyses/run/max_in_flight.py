"""The places of a service with max_in_flight: a set of the runs that it has at present."""

from datetime import datetime
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.expressions.condition import size

from chalicelib import clock, transactions
from chalicelib.analyses import states, timing
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.in_flight import InFlight
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run import dispatch_queue
from chalicelib.analyses.states import State


class RunMovedOn(Exception):
    """The run was sent again or has ended since it was read."""


def take(run: Run, most: int) -> bool:
    """Give a run a place, if there is one or it has one; exact however many ask at once.

    Raises
    ------
    RunMovedOn
        Nothing was changed.
    """
    places, due = InFlight(run.service_id), clock.now() + timing.FIRST_DELAY
    held = InFlight.in_flight

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.update(
            places,
            actions=[held.add({run.id}), InFlight.due.set(due), InFlight.due_shard.set(shard_of(run.service_id))],
            condition=held.does_not_exist() | held.contains(run.id) | (size(held) < most),  # type: ignore[no-untyped-call]
        )
        transaction.update(
            run,
            actions=[Run.holds_place.set(True)],
            condition=(Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt),
        )

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if transactions.condition_failed(error, 1):
            raise RunMovedOn from error
        if transactions.condition_failed(error, 0):
            return False
        raise
    run.holds_place = True
    return True


def give_back(service_id: int, run_ids: set[int]) -> None:
    """Free the places of runs that have ended without their knowing of a place."""
    InFlight(service_id).update(actions=[InFlight.in_flight.delete(run_ids)])
    dispatch_queue.wake(service_id)


def give_back_of_ended(run: Run) -> None:
    """Free the place of a run that ended after it was given one and before it was known to have it."""
    if not run.holds_place:
        return
    stored = Run.find(run.id)
    if stored is None or stored.state not in states.OPEN:
        give_back(run.service_id, {run.id})


def look_by(item: InFlight | Health, moment: datetime) -> None:
    """Have the sweep look at the places or the health of a service by then, if it is not to look already."""
    kind = type(item)
    item.update(
        actions=[
            kind.asks.add(1),
            kind.due.set(kind.due | moment),
            kind.due_shard.set(shard_of(item.analysis_id)),
        ]
    )


def look_again(item: InFlight | Health) -> None:
    """Have the sweep look again in a minute, whatever becomes of what it is about to do."""
    kind = type(item)
    later = clock.now() + timing.FIRST_DELAY
    item.update(actions=[kind.due.set(later), kind.due_shard.set(shard_of(item.analysis_id))])


def look_no_more(item: InFlight | Health) -> None:
    """Have the sweep look no more, unless somebody asked for it since `look_again`."""
    kind = type(item)
    unasked = kind.asks == item.asks if item.asks else kind.asks.does_not_exist()
    no_more: list[Any] = [kind.due.remove(), kind.due_shard.remove()]
    transactions.holds(lambda: item.update(actions=no_more, condition=(kind.due == item.due) & unasked))
