"""Makes moto's queries cheap: it sorts the whole table for each page, and lists its own folder for every request.

A page of a partition whose sort keys are text, which is most of what is asked, is found here, without moto's copies:
answers are written before the lock on DynamoDB is given back.
"""

import copy
import functools
import inspect
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from operator import itemgetter
from typing import Any

from moto import backends
from moto.dynamodb.comparisons import get_comparison_func
from moto.dynamodb.models import table as moto_table
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

_query = Table.query
_defaults = {
    name: one.default for name, one in inspect.signature(_query).parameters.items() if one.kind != one.VAR_KEYWORD
}
_FIRST = itemgetter(0)
_TEXT = DynamoType({"S": ""})


def install() -> None:
    """Let a query see nothing but a page of its partition, and moto remember which services it has."""
    Table.query = _query_of_a_partition
    names = tuple(backends.list_of_moto_modules())
    backends.list_of_moto_modules = lambda: names


@functools.wraps(_query)
def _query_of_a_partition(table: Any, *args: Any, **named: Any) -> Any:  # noqa: ANN401 - moto has no types
    wanted = {**_defaults, **dict(zip(_defaults, (table, *args), strict=False)), **named}
    wanted["filter_kwargs"] = named.keys() - _defaults.keys()
    if wanted["index_name"]:
        found = _matching(table, dict(wanted["hash_key_conditions"] or ()))
    else:
        found = {key: table.items[key] for key in [wanted["hash_key"]] if key in table.items}
        partition = found.get(wanted["hash_key"], {})
        if _is_plain(table, partition, wanted):
            return _page(table, partition, wanted)
    narrowed = copy.copy(table)
    narrowed.items = found
    return _query(narrowed, *args, **named)


def _is_plain(table: Any, partition: Any, wanted: Mapping[str, Any]) -> bool:  # noqa: ANN401 - moto has no types
    has_texts = bool(table.range_key_attr) and next(iter(partition), _TEXT).type == _TEXT.type
    return has_texts and not wanted["filter_kwargs"]


def _page(table: Any, partition: Any, wanted: Mapping[str, Any]) -> tuple[list[Item], int, dict[str, Any] | None]:  # noqa: ANN401
    """Return what one page of a partition holds, how many items that were before its filter, and where it ends."""
    meets = _condition(wanted["range_comparison"], wanted["range_objs"])
    found: list[Item] = []
    size, last = 0, None
    for text, item in _from_start(table, partition, wanted):
        item_size = item.size()
        if len(found) == wanted["limit"] or size + item_size > moto_table.RESULT_SIZE_LIMIT:
            last = table._get_last_evaluated_key(found[-1], None)  # noqa: SLF001 - moto offers no other
            break
        if meets(text):
            found.append(item)
            size += item_size
    scanned = len(found)
    if wanted["filter_expression"] is not None:
        found = [item for item in found if wanted["filter_expression"].expr(item)]
    if wanted["projection_expressions"]:
        found = [item.project(wanted["projection_expressions"]) for item in found]
    return found, scanned, last


def _condition(comparison: str | None, values: Iterable[DynamoType]) -> Callable[[str], bool]:
    if not comparison:
        return lambda _: True
    compare, given = get_comparison_func(comparison), [value.cast_value for value in values]
    return lambda text: compare(text, *given)


def _from_start(table: Any, partition: Any, wanted: Mapping[str, Any]) -> list[tuple[str, Item]]:  # noqa: ANN401 - same
    """Return range keys and items in the order of the query, from where it goes on."""
    there = sorted(((key.value, item) for key, item in partition.items()), key=_FIRST)
    low, high = 0, len(there)
    if start := wanted["exclusive_start_key"]:
        last = DynamoType(start[table.range_key_attr]).value
        if wanted["scan_index_forward"] is not False:
            low = bisect_right(there, last, key=_FIRST)
        else:
            high = bisect_left(there, last, key=_FIRST)
    return there[low:high] if wanted["scan_index_forward"] is not False else there[low:high][::-1]


def _matching(table: Any, conditions: Mapping[str, DynamoType]) -> dict[Any, Any]:  # noqa: ANN401 - moto has no types
    """Return the items of a table that have the hash key of an index, in the table's own shape."""
    if not table.range_key_attr:
        return {key: item for key, item in table.items.items() if _meets(item, conditions)}
    found: dict[Any, Any] = {}
    for key, partition in table.items.items():
        for sort_key, item in partition.items():
            if _meets(item, conditions):
                found.setdefault(key, {})[sort_key] = item
    return found


def _meets(item: Item, conditions: Mapping[str, DynamoType]) -> bool:
    for name, value in conditions.items():
        one = item.attrs.get(name)
        if one is None or not _same(one, value):
            return False
    return True


def _same(one: DynamoType, other: DynamoType) -> bool:
    """Compare as moto does, but without a Decimal where the digits tell."""
    if one.type != other.type:
        return False
    if one.value == other.value:
        return True
    return one.type == "N" and not (one.value.isdigit() and other.value.isdigit()) and bool(one == other)
