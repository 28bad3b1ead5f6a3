"""DynamoDB transactions: all or nothing, tried again when another transaction holds the same items."""

import random
import time
from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING, TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import (
    DeleteError,
    PutError,
    PynamoDBException,
    TransactGetError,
    TransactWriteError,
    UpdateError,
)
from pynamodb.models import Model
from pynamodb.transactions import TransactGet, TransactWrite

from chalicelib import clients  # noqa: F401 - for the client that all tables share

if TYPE_CHECKING:
    from pynamodb.models import _ModelFuture

__all__ = [
    "MOST_ITEMS",
    "Key",
    "TransactGet",
    "TransactWrite",
    "condition_failed",
    "connection",
    "holds",
    "read",
    "read_all",
    "refused",
    "write",
]

ResultT = TypeVar("ResultT")

MOST_ITEMS = 100
"""DynamoDB's limit on the items of a transaction."""

Key = tuple[type[Model], str | int, str]
"""A model with the hash key and the range key of one of its items."""

_ATTEMPTS = 8
_CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
_TOO_LARGE = {"ValidationException", "TransactionCanceledException"}
"""What DynamoDB may answer when the items have more than 4 MB altogether; it gives no reasons for single ones then."""


@cache
def connection() -> Connection:
    """Return the connection that transactions share."""
    return Connection()


def write(fill: Callable[[TransactWrite], None]) -> None:
    """Write what `fill` puts into the transaction.

    PynamoDB orders a transaction's items by kind: condition checks, deletes, puts, updates; so do the cancellation
    reasons of the error.

    Raises
    ------
    pynamodb.exceptions.TransactWriteError
        A condition failed; see `condition_failed`.
    """

    def once() -> None:
        with TransactWrite(connection=connection()) as transaction:
            fill(transaction)

    _again_on_conflict(once)


def read(fill: Callable[[TransactGet], ResultT]) -> ResultT:
    """Read items of any tables in one consistent call; `fill` returns the futures it made."""

    def once() -> ResultT:
        with TransactGet(connection=connection()) as transaction:
            return fill(transaction)

    return _again_on_conflict(once)


def read_all(keys: Sequence[Key]) -> list[Model | None]:
    """Read any number of items of any tables, None for those that there are not; one call for a hundred.

    More than 4 MB do not come back at once: then it takes more calls, and not all items are of the same moment.
    """
    return [
        item for start in range(0, len(keys), MOST_ITEMS) for item in _read_or_halve(keys[start : start + MOST_ITEMS])
    ]


def condition_failed(error: TransactWriteError, index: int | None = None) -> bool:
    """Say whether the condition of the item at this index failed; without an index, of any."""
    failed = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons]
    return any(failed) if index is None else failed[index]


def holds(write: Callable[[], object], index: int | None = None) -> bool:
    """Do a write or a transaction on conditions, and say whether they held.

    Parameters
    ----------
    write : callable
        Does it.
    index : int, optional
        Of the item of a transaction whose condition is asked about, in the order of `write`; without it any.

    Raises
    ------
    pynamodb.exceptions.PynamoDBException
        It failed for another reason.
    """
    try:
        write()
    except TransactWriteError as error:
        if not condition_failed(error, index):
            raise
        return False
    except (PutError, UpdateError, DeleteError) as error:
        if not refused(error):
            raise
        return False
    return True


def refused(error: PynamoDBException) -> bool:
    """Say whether a single write failed because its condition did not hold."""
    return error.cause_response_code == "ConditionalCheckFailedException"


def _read_or_halve(keys: Sequence[Key]) -> list[Model | None]:
    try:
        futures = read(lambda reading: [reading.get(*key) for key in keys])
    except TransactGetError as error:
        if len(keys) == 1 or error.cause_response_code not in _TOO_LARGE or _reasons(error):
            raise
        half = len(keys) // 2
        return _read_or_halve(keys[:half]) + _read_or_halve(keys[half:])
    return [_item(future, key) for future, key in zip(futures, keys, strict=True)]


def _item(future: "_ModelFuture[Model]", key: Key) -> Model | None:
    try:
        return future.get()
    except key[0].DoesNotExist:
        return None


def _reasons(error: TransactWriteError | TransactGetError) -> set[str]:
    """Return the codes of the items that a transaction failed for."""
    return {reason.code for reason in error.cancellation_reasons if reason is not None} - {"None"}


def _again_on_conflict(once: Callable[[], ResultT]) -> ResultT:
    for attempt in range(_ATTEMPTS):
        try:
            return once()
        except (TransactWriteError, TransactGetError) as error:
            codes = _reasons(error)
            if attempt == _ATTEMPTS - 1 or not codes or not codes <= _CONFLICTS:
                raise
        time.sleep(random.uniform(0.01, 0.04) * 2**attempt)  # noqa: S311 - spreads load, keeps no secret
    raise AssertionError("unreachable")
