"""Makes moto's queries cheap: it sorts the whole table for each of them, and lists its own folder for every request."""

import copy
import functools
import inspect
from collections.abc import Mapping
from typing import Any

from moto import backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

_query = Table.query
_arguments = inspect.signature(_query)


def install() -> None:
    """Let a query see nothing but the items of its partition, and moto remember which services it has."""
    Table.query = _query_of_a_partition
    names = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names


@functools.wraps(_query)
def _query_of_a_partition(table: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - moto has no types
    wanted = _arguments.bind(table, *args, **named).arguments
    if wanted.get("index_name"):
        found = _matching(table, dict(wanted.get("hash_key_conditions") or ()))
    else:
        found = {key: table.items[key] for key in [wanted["hash_key"]] if key in table.items}
    narrowed = copy.copy(table)
    narrowed.items = found
    return _query(narrowed, *args, **named)


def _matching(table: Any, conditions: Mapping[str, DynamoType]) -> dict[Any, Any]:  # noqa: ANN401 - moto has no types
    """Return the items of a table that have the hash key of an index, in the table's own shape."""
    found: dict[Any, Any] = {}
    for key, partition in table.items.items():
        if not table.range_key_attr:
            if _meets(partition, conditions):
                found[key] = partition
        elif kept := {sort_key: item for sort_key, item in partition.items() if _meets(item, conditions)}:
            found[key] = kept
    return found


def _meets(item: Item, conditions: Mapping[str, DynamoType]) -> bool:
    return all(name in item.attrs and _same(item.attrs[name], value) for name, value in conditions.items())


def _same(one: DynamoType, other: DynamoType) -> bool:
    """Compare as moto does, but without a Decimal where the digits tell."""
    if one.type != other.type:
        return False
    if one.value == other.value:
        return True
    return one.type == "N" and not (one.value.isdigit() and other.value.isdigit()) and bool(one == other)
