"""Makes moto's queries cheap: it sorts the whole table for each page, and lists its own folder for every request."""

import copy
import functools
import inspect
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any

from moto import backends
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

_query = Table.query
_arguments = inspect.signature(_query)
_TEXT = DynamoType({"S": ""})


def install() -> None:
    """Let a query see nothing but a page of its partition, and moto remember which services it has."""
    Table.query = _query_of_a_partition
    names = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names


@functools.wraps(_query)
def _query_of_a_partition(table: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - moto has no types
    wanted = _arguments.bind(table, *args, **named).arguments
    if wanted.get("index_name"):
        found = _matching(table, dict(wanted.get("hash_key_conditions") or ()))
    else:
        found = {key: _page(table, table.items[key], wanted) for key in [wanted["hash_key"]] if key in table.items}
    narrowed = copy.copy(table)
    narrowed.items = found
    return _query(narrowed, *args, **named)


def _page(table: Any, partition: Any, wanted: Mapping[str, Any]) -> Any:  # noqa: ANN401 - moto has no types
    """Return what one page of a partition holds, and the item after it, from which moto knows that there are more."""
    if not table.range_key_attr or wanted.get("filter_kwargs") or next(iter(partition), _TEXT).type != _TEXT.type:
        return partition
    kept: dict[DynamoType, Item] = {}
    size = 0
    for key in _from_start(table, partition, wanted):
        item = partition[key]
        if len(kept) == wanted["limit"] or size + item.size() > moto_table.RESULT_SIZE_LIMIT:
            return {**kept, key: item}
        if not wanted["range_comparison"] or key.compare(wanted["range_comparison"], wanted["range_objs"]):
            kept[key] = item
            size += item.size()
    return kept


def _from_start(table: Any, partition: Any, wanted: Mapping[str, Any]) -> Iterator[DynamoType]:  # noqa: ANN401 - same
    """Yield the range keys, which are text, in the order of the query, from where it goes on."""
    texts = sorted(key.value for key in partition)
    low, high = 0, len(texts)
    if start := wanted["exclusive_start_key"]:
        last = DynamoType(start[table.range_key_attr]).value
        low, high = (
            (bisect_right(texts, last), high) if wanted["scan_index_forward"] else (low, bisect_left(texts, last))
        )
    places = range(low, high) if wanted["scan_index_forward"] else range(high - 1, low - 1, -1)
    return (DynamoType({_TEXT.type: texts[place]}) for place in places)


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
