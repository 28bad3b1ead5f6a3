"""DynamoDB transactions: all or nothing, tried again when another transaction holds the same items."""

import random
import time
from collections.abc import Callable
from functools import cache
from typing import TypeVar

from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, TransactGetError, TransactWriteError
from pynamodb.transactions import TransactGet, TransactWrite

__all__ = ["MOST_ITEMS", "TransactGet", "TransactWrite", "condition_failed", "connection", "read", "refused", "write"]

ResultT = TypeVar("ResultT")

MOST_ITEMS = 100
"""DynamoDB's limit on the items of a transaction."""

_ATTEMPTS = 8
_CONFLICTS = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


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


def condition_failed(error: TransactWriteError, index: int | None = None) -> bool:
    """Say whether the condition of the item at this index failed; without an index, of any."""
    failed = [reason is not None and reason.code == "ConditionalCheckFailed" for reason in error.cancellation_reasons]
    return any(failed) if index is None else failed[index]


def refused(error: PynamoDBException) -> bool:
    """Say whether a single write failed because its condition did not hold."""
    return error.cause_response_code == "ConditionalCheckFailedException"


def _again_on_conflict(once: Callable[[], ResultT]) -> ResultT:
    for attempt in range(_ATTEMPTS):
        try:
            return once()
        except (TransactWriteError, TransactGetError) as error:
            codes = {reason.code for reason in error.cancellation_reasons if reason is not None} - {"None"}
            if attempt == _ATTEMPTS - 1 or not codes or not codes <= _CONFLICTS:
                raise
        time.sleep(random.uniform(0.01, 0.04) * 2**attempt)  # noqa: S311 - spreads load, keeps no secret
    raise AssertionError("unreachable")
