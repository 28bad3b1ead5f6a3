"""Limits on how many there may be, that hold however many are made at once."""

import random
import time
from collections.abc import Callable

from pynamodb.attributes import VersionAttribute

from chalicelib import transactions
from chalicelib.http.errors import Conflict
from chalicelib.registry import RegistryItem

_ATTEMPTS = 12
_KIND = "places"


class Places(RegistryItem):
    """Counts what was stored of one kind: not how many there are, but that nobody came in between."""

    revision = VersionAttribute()

    @classmethod
    def of(cls, kind: str) -> "Places":
        """Read what is kept of a kind, or make it, not stored yet."""
        try:
            return cls.get(_KIND, kind, consistent_read=True)
        except cls.DoesNotExist:
            return cls(_KIND, kind)


def save_in(kind: str, check: Callable[[], None], item: RegistryItem) -> None:
    """Store an item after `check` has counted those of its kind; if another was stored meanwhile, count again.

    One read and a transaction beside what `check` reads. What is removed meanwhile does no harm.

    Raises
    ------
    Conflict
        Others were faster, again and again.
    Exception
        What `check` raises if there is no room.
    """
    for attempt in range(_ATTEMPTS):
        places = Places.of(kind)
        check()
        if _stored(places, item):
            return
        time.sleep(random.uniform(0.01, 0.03) * (attempt + 1))  # noqa: S311 - spreads load, keeps no secret
    raise Conflict("Others are making the same at the same time. Try again.")


def _stored(places: Places, item: RegistryItem) -> bool:
    """Store an item, unless somebody was faster."""

    def fill(writing: transactions.TransactWrite) -> None:
        writing.save(places)
        writing.save(item)

    return transactions.holds(lambda: transactions.write(fill), 0)
