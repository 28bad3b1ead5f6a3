"""Lets moto read expressions as long as DynamoDB does: it works on a list of actions by recursion."""

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.responses import DynamoHandler

_DEEP_FROM = 500
"""Characters; shorter ones stay well within Python's usual limit."""

_FRAMES = 50_000


def install() -> None:
    """Allow deeper recursion while a long expression is worked on; requests to DynamoDB come one after the other."""
    DynamoHandler.update_item = _deep(DynamoHandler.update_item)
    DynamoHandler.transact_write_items = _deep(DynamoHandler.transact_write_items)


def _deep(operation: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def deep(handler: Any) -> Any:  # noqa: ANN401 - moto has no types
        if max(map(len, _expressions(handler.body)), default=0) < _DEEP_FROM:
            return operation(handler)
        with _allowed():
            return operation(handler)

    return deep


def _expressions(body: dict[str, Any]) -> Iterator[str]:
    operations = [body, *(one for item in body.get("TransactItems", []) for one in item.values())]
    return (one["UpdateExpression"] for one in operations if "UpdateExpression" in one)


@contextmanager
def _allowed() -> Iterator[None]:
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(_FRAMES)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)
