"""Items of DynamoDB as rows: their content as JSON, their keys as bytes in order, one entry for each index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item

from infra.local.aws.kept.json_with_bytes import dumps, loads
from infra.local.aws.kept.sort_keys import AFTER, sort_key

Bounds = tuple[str, list[bytes]]
"""Part of a condition in SQL, with a `{}` for the column, and its values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Where an item stands in an index."""

    index: str
    hash: bytes
    range: bytes


def content_of(item: Any) -> str:
    """Write an item as JSON, as the API does."""
    attributes = {name: _plain(value) for name, value in item.attrs.items()}
    return dumps(attributes)


def _plain(value: Any) -> dict[str, Any]:
    if value.type == "M":
        return {"M": {name: _plain(part) for name, part in value.value.items()}}
    if value.type == "L":
        return {"L": [_plain(part) for part in value.value]}
    return {value.type: value.value}


def item_of(table: Any, content: str) -> Item:
    """Make an item of its JSON."""
    attributes = loads(content)
    range_key = DynamoType(attributes[table.range_key_attr]) if table.range_key_attr else None
    return Item(DynamoType(attributes[table.hash_key_attr]), range_key, attributes)


def entries_of(table: Any, item: Any) -> list[Entry]:
    """Return an item's places in the indexes of its table; where a key of an index is missing there is none."""
    found = []
    for index in table.all_indexes():
        hash_name, range_name = index_keys(index)
        if hash_name in item.attrs and (range_name is None or range_name in item.attrs):
            # without a range key of its own an index is in the order of the table's
            ordered = item.range_key if range_name is None else item.attrs[range_name]
            found.append(Entry(index.name, sort_key(item.attrs[hash_name]), sort_key(ordered)))
    return found


def index_keys(index: Any) -> tuple[str, str | None]:
    """Return the names of hash and range key of an index."""
    names = {key["KeyType"]: key["AttributeName"] for key in index.schema}
    return names["HASH"], names.get("RANGE")


def bounds_of(comparison: str | None, values: Sequence[Any]) -> Bounds | None:
    """Translate the condition on a range key; None if SQL does not know it."""
    if not comparison:
        return "", []
    keys = [sort_key(value) for value in values]
    kind = _SAME.get(comparison, comparison)
    if kind == "BEGINS_WITH":
        return "{} >= ? AND {} < ?", [keys[0], keys[0] + AFTER]
    if kind == "BETWEEN":
        return "{} >= ? AND {} <= ?", keys
    return (f"{{}} {kind} ?", keys) if kind in {"=", "<", "<=", ">", ">="} else None


_SAME = {"EQ": "=", "LT": "<", "LE": "<=", "GT": ">", "GE": ">="}
