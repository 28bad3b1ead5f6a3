"""What was sent to a subscriber, and sending it again by hand."""

from functools import partial
from typing import Any

from chalicelib import clock, transactions
from chalicelib.events import queue
from chalicelib.events.items.delivery import EVENT_SHARD, WAITING, Delivery
from chalicelib.events.items.subscription import Subscription
from chalicelib.events.kinds import Event, Kind
from chalicelib.http.errors import BadRequest, Conflict, NotFound
from chalicelib.ids import is_id

_ATTEMPTS = 5


def page(subscription: Subscription, before: int | None, n: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return deliveries, the latest event first, and where the next page begins if there is one."""
    found = Delivery.newest(subscription.id, before, n + 1)
    shown = found[:n]
    return [record_of(one) for one in shown], shown[-1].number if len(found) > n else None


def redeliver(subscription: Subscription, number: int) -> None:
    """Send an event again, under its own id; if it is not taken, for three days from now.

    Raises
    ------
    NotFound
        There is no such delivery.
    BadRequest
        The subscription is paused.
    """
    if not subscription.is_active:
        raise BadRequest("This event subscription is paused: resume it first.")
    for _ in range(_ATTEMPTS):
        delivery = Delivery.of(subscription.id, number) if is_id(number) else None
        if delivery is None:
            raise NotFound("No such delivery: deliveries are kept for two weeks.")
        now = clock.now()
        actions: list[Any] = [
            Delivery.state.set(WAITING),
            Delivery.attempt.set(delivery.attempt + 1),
            Delivery.tries.set(0),
            Delivery.tried_from.set(now),
            Delivery.due.set(now + queue.GRACE),
            Delivery.due_shard.set(EVENT_SHARD),
        ]
        if transactions.holds(partial(delivery.update, actions, Delivery.attempt == delivery.attempt)):
            queue.send(delivery)
            return
    raise Conflict("This event is being sent at this moment. Try again.")


def test(subscription: Subscription) -> dict[str, Any]:
    """Record an event that tells nothing, have it sent, and return its delivery."""
    if not subscription.is_active:
        raise BadRequest("This event subscription is paused: resume it first.")
    now = clock.now()
    delivery = Delivery.record(subscription.id, Event(Kind.TEST, subscription.id, now), now + queue.GRACE)
    if delivery is None:
        raise Conflict("A test was sent at this very moment.")
    queue.send(delivery)
    return record_of(delivery)


def record_of(delivery: Delivery) -> dict[str, Any]:
    """Return a delivery as it is shown."""
    attempts = delivery.attempts
    waits = delivery.state == WAITING and bool(attempts)
    return {
        "number": delivery.number,
        "webhook_id": delivery.event.id,
        "type": delivery.kind,
        "timestamp": delivery.happened_at,
        "state": delivery.state,
        "tries": delivery.tries,
        "next_try": attempts[-1]["next_try"] if waits else None,
        "attempts": attempts,
    }
