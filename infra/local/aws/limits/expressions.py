"""DynamoDB's expressions: their length, their operators, and what they name."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from moto.dynamodb.exceptions import MockValidationException

from infra.local.aws.limits.values import MOST_NAME_BYTES, check_value, size_of, text_size

MOST_BYTES = 4096
MOST_OPERATORS = 300
MOST_OPERANDS_OF_IN = 100
MOST_PLACEHOLDER_BYTES = 255
MOST_VALUES_BYTES = 2 * 1024 * 1024

EXPRESSIONS = (
    "UpdateExpression",
    "ConditionExpression",
    "FilterExpression",
    "KeyConditionExpression",
    "ProjectionExpression",
)

_CHECKED = frozenset({*EXPRESSIONS, "ExpressionAttributeNames", "ExpressionAttributeValues"})

_OPERATOR = re.compile(
    r"<>|<=|>=|[<>=+-]|\b(?:AND|OR|NOT|BETWEEN|IN)\b|\b(?:attribute_exists|attribute_not_exists|attribute_type|begins_with"
    r"|contains|size|if_not_exists|list_append)\b(?=\s*\()",
    re.IGNORECASE,
)
_IN = re.compile(r"\bIN\s*\(([^)]*)\)", re.IGNORECASE)
_VALUE = re.compile(r":[A-Za-z0-9_]+")


def check_expressions(request: Mapping[str, Any]) -> None:
    """Check the expressions of a request, or of one item of a transaction, and what stands in for names and values."""
    if _CHECKED.isdisjoint(request):
        return
    for kind, text in _expressions(request):
        size = text_size(text)
        if size > MOST_BYTES:
            raise MockValidationException(
                f"Invalid {kind}: Expression size has exceeded the maximum allowed size; expression size: {size}"
            )
        assignments = text.count("=") if kind == "UpdateExpression" else 0
        operators = len(_OPERATOR.findall(text)) - assignments
        if operators > MOST_OPERATORS:
            raise MockValidationException(
                f"Invalid {kind}: The expression contains too many operators; number of operators: {operators}"
            )
        for operands in _IN.findall(text):
            count = operands.count(",") + 1
            if count > MOST_OPERANDS_OF_IN:
                raise MockValidationException(
                    f"Invalid {kind}: The IN operator is provided with too many operands; number of operands: {count}"
                )
    _check_names(request.get("ExpressionAttributeNames") or {})
    _check_values(request)


def _expressions(request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in EXPRESSIONS:
        if isinstance(request.get(kind), str):
            yield kind, request[kind]


def _check_names(names: Mapping[str, str]) -> None:
    for placeholder, name in names.items():
        if text_size(placeholder) > MOST_PLACEHOLDER_BYTES:
            raise _too_long("ExpressionAttributeNames", placeholder)
        if text_size(name) > MOST_NAME_BYTES:
            raise MockValidationException(
                f"1 validation error detected: Value at 'expressionAttributeNames.{placeholder}.member' failed to "
                f"satisfy constraint: Member must have length less than or equal to {MOST_NAME_BYTES}"
            )


def _check_values(request: Mapping[str, Any]) -> None:
    values: Mapping[str, Any] = request.get("ExpressionAttributeValues") or {}
    for placeholder, value in values.items():
        if text_size(placeholder) > MOST_PLACEHOLDER_BYTES:
            raise _too_long("ExpressionAttributeValues", placeholder)
        try:
            check_value(value, level=0)  # what becomes of it in the item is checked there
        except MockValidationException as error:
            raise MockValidationException(
                f"ExpressionAttributeValues contains invalid value: {error.message} for key {placeholder}"
            ) from None
    if sum(text_size(placeholder) + size_of(value) for placeholder, value in values.items()) > MOST_VALUES_BYTES:
        raise MockValidationException("ExpressionAttributeValues exceeds max size")
    used = {found for _, text in _expressions(request) for found in _VALUE.findall(text)}
    for placeholder in values:
        if placeholder not in used:
            raise MockValidationException(
                f"Value provided in ExpressionAttributeValues unused in expressions: keys: {{{placeholder}}}"
            )


def _too_long(where: str, placeholder: str) -> MockValidationException:
    return MockValidationException(
        f"{where} contains invalid key: The expression attribute map contains a key that is too long; "
        f"size of key: {text_size(placeholder)}"
    )
