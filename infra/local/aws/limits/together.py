"""Requests to DynamoDB about several items: batches and transactions."""

from collections.abc import Mapping
from typing import Any

from moto.dynamodb.exceptions import MockValidationException, TransactionCanceledException

from infra.local.aws.limits.expressions import check_expressions
from infra.local.aws.limits.keys import KeyOfWrongKind, check_key, check_keys_of_item
from infra.local.aws.limits.values import check_item, item_size, size_of

MOST_TRANSACTION_BYTES = 4 * 1024 * 1024
MOST_IN_BATCH_WRITE = 25

_DUPLICATES = "Provided list of item keys contains duplicates"
_TWICE = "Transaction request cannot include multiple operations on one item"

Request = Mapping[str, Any]
Backend = Any
"""moto's; it has no types."""


def check_batch_get(backend: Backend, request: Request) -> None:
    """Check a BatchGetItem."""
    if not request.get("RequestItems"):
        raise MockValidationException("BatchGetItem must have some requests set")
    for table_name, wanted in request["RequestItems"].items():
        if not wanted["Keys"]:
            raise MockValidationException(
                f"The list of keys in RequestItems for BatchGetItem is required: {table_name} has empty list"
            )
        for key in wanted["Keys"]:
            check_key(backend.get_table(table_name), key)
        check_expressions(wanted)


def check_batch_write(backend: Backend, request: Request) -> None:
    """Check a BatchWriteItem: 25 items, each once."""
    tables = request.get("RequestItems") or {}
    if not tables:
        raise MockValidationException("BatchWriteItem cannot have a null or no requests set")
    if sum(map(len, tables.values())) > MOST_IN_BATCH_WRITE:
        raise MockValidationException("Too many items requested for the BatchWriteItem call")
    for table_name, wanted in tables.items():
        if not wanted:
            raise MockValidationException(
                f"The batch write request list for a table cannot be null or empty: {table_name}"
            )
        table = backend.get_table(table_name)
        keys = []
        for one in wanted:
            if "PutRequest" in one:
                check_item(one["PutRequest"]["Item"])
                check_keys_of_item(table, one["PutRequest"]["Item"])
                keys.append(_key_of(table, one["PutRequest"]["Item"]))
            else:
                check_key(table, one["DeleteRequest"]["Key"])
                keys.append(_key_of(table, one["DeleteRequest"]["Key"]))
        if len(set(keys)) < len(keys):
            raise MockValidationException(_DUPLICATES)


def check_transact_get(backend: Backend, request: Request) -> None:
    """Check a TransactGetItems."""
    gets = [one["Get"] for one in _transaction(request)]
    for one in gets:
        check_key(backend.get_table(one["TableName"]), one["Key"])
        check_expressions(one)
    _check_distinct(backend, gets)


def check_transact_write(backend: Backend, request: Request) -> None:
    """Check a TransactWriteItems: each item once, 4 MB altogether."""
    operations = [next(iter(one.items())) for one in _transaction(request)]
    problems: list[str | None] = []
    for kind, one in operations:
        table = backend.get_table(one["TableName"])
        if kind == "Put":
            check_item(one["Item"])
        check_expressions(one)
        problems.append(_problem_with_key(table, one))
    if any(problems):
        raise TransactionCanceledException(
            [(None, None, None) if problem is None else ("ValidationError", problem, None) for problem in problems]
        )
    _check_distinct(backend, [one for _, one in operations])
    size = sum(_written(one) for _, one in operations)
    if size > MOST_TRANSACTION_BYTES:
        raise MockValidationException(f"Transaction payload size cannot exceed 4MB. Payload Size: {size}")


def _transaction(request: Request) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = request.get("TransactItems") or []
    if not items:
        raise MockValidationException(
            "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: "
            "Member must have length greater than or equal to 1"
        )
    return items


def _problem_with_key(table: Any, operation: Request) -> str | None:  # noqa: ANN401 - moto has no types
    """Return what is wrong with the key of an item of a transaction, which cancels it as a failed condition does."""
    try:
        if "Item" in operation:
            check_keys_of_item(table, operation["Item"])
        else:
            check_key(table, operation["Key"])
    except KeyOfWrongKind as error:
        message: str = error.message
        return message
    return None


def _check_distinct(backend: Backend, operations: list[Request]) -> None:
    keys = [
        (one["TableName"], _key_of(backend.get_table(one["TableName"]), one.get("Item") or one["Key"]))
        for one in operations
    ]
    if len(set(keys)) < len(keys):
        raise MockValidationException(_TWICE)


def _key_of(table: Any, item: Request) -> tuple[str, ...]:  # noqa: ANN401 - moto has no types
    return tuple(str(item.get(key["AttributeName"])) for key in table.schema)


def _written(operation: Request) -> int:
    """Return the bytes that an item of a transaction carries."""
    values = operation.get("ExpressionAttributeValues") or {}
    return item_size(operation.get("Item") or operation["Key"]) + sum(size_of(value) for value in values.values())
