"""Keys of DynamoDB's tables and indexes: their attributes, their types and how long they may be."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.limits import HASH_KEY_MAX_LENGTH, RANGE_KEY_MAX_LENGTH

from infra.local.aws.limits.values import Item, check_value, size_of

_INVALID = "One or more parameter values were invalid:"
_NOT_VALID = "One or more parameter values are not valid."
_MISMATCH = "The provided key element does not match the schema"
_TOO_LONG = {
    "HASH": f"{_INVALID} Size of hashkey has exceeded the maximum size limit of{HASH_KEY_MAX_LENGTH} bytes",
    "RANGE": (
        f"{_INVALID} Aggregated size of all range keys has exceeded the size limit of {RANGE_KEY_MAX_LENGTH} bytes"
    ),
}
_BETWEEN = re.compile(r"\bBETWEEN\s+(:\w+)\s+AND\s+(:\w+)", re.IGNORECASE)
_MOST_BYTES = {"HASH": HASH_KEY_MAX_LENGTH, "RANGE": RANGE_KEY_MAX_LENGTH}

Table = Any
"""moto's table; it has no types."""


class KeyOfWrongKind(MockValidationException):  # type: ignore[misc]  # moto has no types
    """A key that is too long or of another type, which cancels a transaction as a condition does that fails."""


def check_key(table: Table, key: Item) -> None:
    """Check the key by which an item is read or changed: its attributes, their types, and their lengths."""
    roles = _roles(table.schema)
    if key.keys() != roles.keys():
        raise MockValidationException(_MISMATCH)
    types = _types(table)
    for name, value in key.items():
        if types[name] == "S" and _is_short_text(value):
            continue
        check_value(value)
        kind, content = next(iter(value.items()))
        if kind != types[name]:
            raise KeyOfWrongKind(f"{_INVALID} Type mismatch for key {name} expected: {types[name]} actual: {kind}")
        if content == "":
            raise MockValidationException(
                f"{_NOT_VALID} The AttributeValue for a key attribute cannot contain an empty string value. Key: {name}"
            )
        _check_length(roles[name], value)


def check_keys_of_item(table: Table, item: Item) -> None:
    """Check the keys within an item that is to be stored, those of the indexes included."""
    own = {name: item[name] for name in _roles(table.schema) if name in item}
    if len(own) == len(table.schema):  # moto names the one that is missing
        check_key(table, own)
    check_index_keys(table, item)


def check_index_keys(table: Table, item: Item) -> None:
    """Check the attributes of an item that are keys of an index; an item without them is not in the index."""
    types = _types(table)
    for index, name, role in _index_keys(table):
        if name not in item:
            continue
        value = item[name]
        kind = value.type if hasattr(value, "type") else next(iter(value))
        if kind != types[name]:
            raise KeyOfWrongKind(
                f"{_INVALID} Type mismatch for Index Key {name} "
                f"Expected: {types[name]} Actual: {kind} IndexName: {index}"
            )
        _check_length(role, value)


def check_condition(table: Table, name: str, value: Mapping[str, Any]) -> None:
    """Check what a key is compared with in a query."""
    kind = next(iter(value))
    if kind != _types(table).get(name, kind):
        raise MockValidationException(f"{_INVALID} Condition parameter type does not match schema type")
    roles = {**{key: role for _, key, role in _index_keys(table)}, **_roles(table.schema)}
    _check_length(roles.get(name, "HASH"), value)


def check_between(request: Mapping[str, Any]) -> None:
    """Check that the bounds of a query's range are in order."""
    values = request.get("ExpressionAttributeValues") or {}
    for lower, upper in _BETWEEN.findall(request.get("KeyConditionExpression") or ""):
        if lower in values and upper in values and _sorted_as(values[lower]) > _sorted_as(values[upper]):
            raise MockValidationException(
                "Invalid KeyConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal "
                f"to lower bound; lower bound operand: AttributeValue: {values[lower]}, upper bound operand: "
                f"AttributeValue: {values[upper]}"
            )


def _sorted_as(value: Mapping[str, Any]) -> tuple[str, Any]:
    kind, content = next(iter(value.items()))
    return kind, Decimal(content) if kind == "N" else content.encode() if isinstance(content, str) else content


def _is_short_text(value: Any) -> bool:  # noqa: ANN401 - whatever a request holds
    """Say whether this is a text that is as good for one key as for another, as most keys are."""
    text = value.get("S") if type(value) is dict and len(value) == 1 else None
    return type(text) is str and 0 < len(text) <= RANGE_KEY_MAX_LENGTH and text.isascii()


def _check_length(role: str, value: Any) -> None:  # noqa: ANN401 - of a request, or moto's
    if size_of(value) > _MOST_BYTES[role]:
        raise KeyOfWrongKind(_TOO_LONG[role])


def _index_keys(table: Table) -> Iterator[tuple[str, str, str]]:
    for index in table.all_indexes():
        for name, role in _roles(index.schema).items():
            yield index.name, name, role


def _roles(schema: list[dict[str, str]]) -> dict[str, str]:
    return {key["AttributeName"]: key["KeyType"] for key in schema}


def _types(table: Table) -> dict[str, str]:
    return {one["AttributeName"]: one["AttributeType"] for one in table.attr}
