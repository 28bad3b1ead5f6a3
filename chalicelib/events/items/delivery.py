"""One event on its way to one subscriber."""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from itertools import islice

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib import clock, transactions
from chalicelib.analyses.items.table import SHARDS, TableMeta
from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.events.kinds import Event
from chalicelib.registry import sort_key

WAITING = "waiting"
DELIVERED = "delivered"
FAILED = "failed"
WITHHELD = "withheld"

EVENT_SHARD = SHARDS
"""Of the index by what is due: behind those that the sweep looks through."""

_IN_DELIVERY = "delivery#"
_KEPT_SECONDS = 14 * 24 * 3600
_PLACES = 100
"""Events of one microsecond that a subscriber may be told."""
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - naive UTC, as everywhere


class Delivery(Model):
    """One event on its way to one subscriber; numbered by when it happened, in microseconds of Unix time."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The subscription's number."""
    sk = UnicodeAttribute(range_key=True)
    kind = UnicodeAttribute()
    subject_id = IntegerAttribute()
    """The run, batch or service."""
    happened_at = TimeAttribute()
    recorded_at = TimeAttribute(default_for_new=clock.now)
    tried_from = TimeAttribute(default_for_new=clock.now)
    """The beginning of the days in which it is tried: asked for by hand, they begin anew."""
    state = UnicodeAttribute(default=WAITING)
    attempt = IntegerAttribute(default=1)
    """Counts what was sent to our queue: of several messages about a delivery only the newest counts."""
    tries = IntegerAttribute(default=0)
    """Since `tried_from`."""
    attempts = JsonAttribute(default=list)
    """What became of the latest tries: at, http_status, milliseconds, text, next_try."""
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)
    expires = IntegerAttribute(default_for_new=lambda: int(time.time()) + _KEPT_SECONDS)

    @property
    def subscription_id(self) -> int:
        """Whom it is for."""
        return self.analysis_id

    @property
    def number(self) -> int:
        """Its number among those of the subscription."""
        return int(self.sk.removeprefix(_IN_DELIVERY))

    @property
    def event(self) -> Event:
        """What happened."""
        return Event(self.kind, self.subject_id, self.happened_at)

    @classmethod
    def of(cls, subscription_id: int, number: int) -> "Delivery | None":
        """Read a delivery."""
        try:
            return cls.get(subscription_id, _IN_DELIVERY + sort_key(number), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def newest(cls, subscription_id: int, before: int | None, most: int) -> list["Delivery"]:
        """Read deliveries to a subscriber, the latest event first."""
        last = _IN_DELIVERY + (sort_key(before - 1) if before else "~")
        condition = cls.sk.between(_IN_DELIVERY, last)
        found = cls.query(subscription_id, condition, scan_index_forward=False, limit=most, consistent_read=True)
        return list(islice(found, most))

    @classmethod
    def recorded(cls, wanted: Collection[tuple[int, Event]]) -> set[tuple[int, str]]:
        """Return which of these, subscriptions and events, are stored, as subscriptions and ids of events.

        Of events of one microsecond only the first is found.
        """
        keys = {(number, _IN_DELIVERY + sort_key(_micros(event))) for number, event in wanted}
        if not keys:
            return set()
        return {(found.subscription_id, found.event.id) for found in cls.batch_get([*keys], consistent_read=True)}

    @classmethod
    def record(cls, subscription_id: int, event: Event, due: datetime) -> "Delivery | None":
        """Store the delivery of an event, once however often it is recorded; None if it was stored before."""
        first = _micros(event)
        for number in range(first, first + _PLACES):
            new = cls(
                subscription_id,
                _IN_DELIVERY + sort_key(number),
                kind=event.kind,
                subject_id=event.subject_id,
                happened_at=event.at,
                due=due,
                due_shard=EVENT_SHARD,
            )
            if transactions.holds(partial(new.save, cls.analysis_id.does_not_exist())):
                return new
            found = cls.of(subscription_id, number)
            if found is not None and found.event.id == event.id:
                return None
        raise RuntimeError(f"more than {_PLACES} events happened in one microsecond")


def _micros(event: Event) -> int:
    return (event.at - _EPOCH) // timedelta(microseconds=1)
