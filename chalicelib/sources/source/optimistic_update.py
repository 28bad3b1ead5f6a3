"""Changes of items that others may change at the same time: read, changed, written if nobody else was faster."""

import random
import time
from collections.abc import Callable, Sequence
from typing import TypeVar

from pynamodb.exceptions import TransactWriteError
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.http.errors import TooManyRequests
from chalicelib.sources.items.placed import band_of
from chalicelib.sources.items.source import Source
from chalicelib.sources.source import embedding

ResultT = TypeVar("ResultT")

_ATTEMPTS = 12


def change_source(read: Callable[[], Source], change: Callable[[Source], bool]) -> Source:
    """Apply a change and return the source; `change` says whether there is anything to write.

    Raises
    ------
    TooManyRequests
        Others kept changing the source.
    """

    def once() -> Source:
        source = read()
        if change(source):
            write_source(source)
        return source

    return again_on_conflict(once)


def write_source(source: Source, puts: Sequence[Model] = (), deletes: Sequence[Model] = ()) -> None:
    """Write a source, with other items, if it is still as it was read; raise TransactWriteError otherwise."""
    source.modified, source.dec_band = clock.now(), band_of(source.dec)
    is_searched = embedding.note(source)

    def fill(transaction: TransactWrite) -> None:
        for item in deletes:
            transaction.delete(item)
        transaction.save(source)
        for item in puts:
            transaction.save(item)

    transactions.write(fill)
    if is_searched:
        embedding.tell(source.obj_id)


def write_item(item: Model) -> None:
    """Write an item that has a version if it is still as it was read; raise TransactWriteError otherwise."""
    transactions.write(lambda transaction: transaction.save(item))


def again_on_conflict(once: Callable[[], ResultT]) -> ResultT:
    """Call `once` until no condition of its transactions fails.

    Raises
    ------
    TooManyRequests
        After a dozen attempts.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return once()
        except TransactWriteError as error:
            if not transactions.condition_failed(error):
                raise
        time.sleep(random.uniform(0, 0.01) * 1.6**attempt)  # noqa: S311 - spreads load, keeps no secret
    raise TooManyRequests("Others are changing the same data. Please try again.", retry_after=1)
