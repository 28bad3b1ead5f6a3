"""Makes moto's DynamoDB as strict, and as generous, as Amazon's: what it refuses is refused before moto sees it.

If it were stricter, what works on AWS would fail here, as reading more than 25 items at once did; if it were laxer,
what fails on AWS would work here.
"""

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from moto.dynamodb import responses
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.responses import DynamoHandler

from infra.local.aws.limits import deep_expressions, item_sizes, together, updates
from infra.local.aws.limits.expressions import check_expressions
from infra.local.aws.limits.keys import check_between, check_condition, check_key, check_keys_of_item
from infra.local.aws.limits.values import check_item, item_size

MOST_IN_TRANSACTION = 100
MOST_PAGE_BYTES = 1024 * 1024
MOST_SEGMENTS = 1_000_000

Request = Mapping[str, Any]
Backend = Any
"""moto's; it has no types."""
Check = Callable[[Backend, Request], None]


def install() -> None:
    """Put the checks before moto's operations, and its own limits where Amazon's are."""
    responses.TRANSACTION_MAX_ITEMS = MOST_IN_TRANSACTION
    moto_table.RESULT_SIZE_LIMIT = MOST_PAGE_BYTES
    item_sizes.install()
    updates.install()
    for name, check in _CHECKS.items():
        setattr(DynamoHandler, name, _checked(getattr(DynamoHandler, name), check))
    DynamoHandler.transact_get_items = _bounded_answer(DynamoHandler.transact_get_items)
    deep_expressions.install()


def _checked(operation: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @functools.wraps(operation)
    def checked(handler: Any) -> Any:  # noqa: ANN401 - moto has no types
        check(handler.dynamodb_backend, handler.body)
        return operation(handler)

    return checked


def _bounded_answer(operation: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def bounded(handler: Any) -> Any:  # noqa: ANN401 - moto has no types
        answer = operation(handler)
        size = sum(item_size(one.get("Item") or {}) for one in answer.result["Responses"])
        if size > together.MOST_TRANSACTION_BYTES:
            raise MockValidationException(f"Payload in response is too large. {size}")
        return answer

    return bounded


def _put(backend: Backend, request: Request) -> None:
    check_item(request["Item"])
    check_keys_of_item(backend.get_table(request["TableName"]), request["Item"])
    check_expressions(request)


def _keyed(backend: Backend, request: Request) -> None:
    check_key(backend.get_table(request["TableName"]), request["Key"])
    check_expressions(request)


def _paged(backend: Backend, request: Request) -> None:
    check_expressions(request)
    if request.get("Limit", 1) < 1:
        raise MockValidationException("Limit must be greater than or equal to 1")
    if request.get("TotalSegments", 1) > MOST_SEGMENTS:
        raise MockValidationException(
            f"1 validation error detected: Value '{request['TotalSegments']}' at 'totalSegments' failed to satisfy "
            f"constraint: Member must have value less than or equal to {MOST_SEGMENTS}"
        )
    for name, value in _compared(request):
        check_condition(backend.get_table(request["TableName"]), name, value)
    check_between(request)


def _compared(request: Request) -> Iterable[tuple[str, Mapping[str, Any]]]:
    """Return what the keys of a query are compared with."""
    names = request.get("ExpressionAttributeNames") or {}
    values = request.get("ExpressionAttributeValues") or {}
    tokens = (request.get("KeyConditionExpression") or "").replace("(", " ").replace(")", " ").replace(",", " ").split()
    name = ""
    for token in tokens:
        if token in values:
            yield name, values[token]
        elif token.lower() not in {"and", "between", "begins_with", "=", "<", ">", "<=", ">="}:
            name = names.get(token, token)


_CHECKS: dict[str, Check] = {
    "put_item": _put,
    "get_item": _keyed,
    "update_item": _keyed,
    "delete_item": _keyed,
    "query": _paged,
    "scan": _paged,
    "batch_get_item": together.check_batch_get,
    "batch_write_item": together.check_batch_write,
    "transact_get_items": together.check_transact_get,
    "transact_write_items": together.check_transact_write,
}
