"""Something happened: finds who wants to hear of it, and records a delivery for each, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib import clock
from chalicelib.events import known, queue
from chalicelib.events.items.delivery import Delivery
from chalicelib.events.items.subscription import Subscription
from chalicelib.events.kinds import Event

_OLDEST = timedelta(days=3)
"""What is told of later than that, by a message that was kept for long, is no news."""


@dataclass(frozen=True, slots=True)
class Happening:
    """An event, and whom it concerns: who is in one of the groups, or one person."""

    event: Event
    group_ids: frozenset[int] = frozenset()
    author_id: int | None = None


def record(happenings: Sequence[Happening]) -> int:
    """Record the deliveries of what happened, have them sent, and return how many are new.

    What was recorded before is looked up in one call for a hundred, and costs no write.
    """
    wanted = [(one.id, happening.event) for happening in happenings for one in known.active() if wants(one, happening)]
    stored = Delivery.recorded(wanted)
    now, count = clock.now(), 0
    for subscription_id, event in wanted:
        if (subscription_id, event.id) in stored:
            continue
        delivery = Delivery.record(subscription_id, event, now + queue.GRACE)
        if delivery is not None:
            queue.send(delivery)
            count += 1
    return count


def wants(subscription: Subscription, happening: Happening) -> bool:
    """Say whether a subscriber is to be told; whether it may read what it is about is asked when that is sent."""
    event = happening.event
    if event.kind not in subscription.events or event.at < max(subscription.active_since, clock.now() - _OLDEST):
        return False
    if happening.author_id is not None:
        return happening.author_id == subscription.author_id
    shared = happening.group_ids & subscription.group_ids
    author = known.author(subscription)
    return bool(shared) and (author is None or author.reaches(shared))
