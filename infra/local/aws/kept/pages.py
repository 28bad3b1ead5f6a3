"""Queries and scans of kept tables: SQLite finds what a page can hold, in order, and moto evaluates it as ever."""

import copy
import functools
import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from moto.dynamodb.models import table as moto_table
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table

from infra.local.aws.kept.item_rows import bounds_of, index_keys, item_of
from infra.local.aws.kept.items import KeptItems
from infra.local.aws.kept.sort_keys import sort_key

Wanted = Mapping[str, Any]
"""The arguments of moto's operation by their names."""

_ITEMS = "SELECT i.content FROM items i"
_ENTRIES = "SELECT i.content FROM entries e JOIN items i ON i.id = e.item"


@dataclass(slots=True)
class Search:
    """What SQLite is asked.

    Parameters
    ----------
    select : str
        From the items, or from the entries of an index.
    conditions, values : list
        All of which hold.
    order : list of (str, str)
        Columns, and the attributes that stand in them.
    """

    select: str
    conditions: list[str]
    values: list[Any]
    order: list[tuple[str, str]]
    forward: bool = True
    bounded: bool = field(default=True)
    """Whether all that is found counts for the page, so that a full page is the end."""

    def begin_after(self, start: Mapping[str, Any] | None) -> None:
        """Go on behind an item, given by its keys."""
        if start:
            columns = ", ".join(column for column, _ in self.order)
            marks = ", ".join("?" for _ in self.order)
            self.conditions.append(f"({columns}) {'>' if self.forward else '<'} ({marks})")
            self.values += [sort_key(DynamoType(start[name])) for _, name in self.order]

    @property
    def query(self) -> str:
        """The question in SQL; names in it are ours, values are given apart."""
        order = ", ".join(f"{column} {'ASC' if self.forward else 'DESC'}" for column, _ in self.order)
        ordered = f" ORDER BY {order}" if order else ""
        return f"{self.select} WHERE {' AND '.join(self.conditions)}{ordered}"


def install() -> None:
    """Narrow a kept table to a page before moto looks at it."""
    Table.query = _narrowed(Table.query, _queried)
    Table.scan = _narrowed(Table.scan, _scanned)


def _narrowed(operation: Any, search_of: Callable[[Any, Wanted], Search | None]) -> Any:
    arguments = inspect.signature(operation)

    @functools.wraps(operation)
    def narrowed(table: Any, *args: Any, **named: Any) -> Any:
        if not isinstance(table.items, KeptItems):
            return operation(table, *args, **named)
        bound = arguments.bind(table, *args, **named)
        bound.apply_defaults()
        search = search_of(table, bound.arguments)
        page = copy.copy(table)
        page.items = {} if search is None else _by_key(table, _page(table, search, bound.arguments))
        return operation(page, *args, **named)

    return narrowed


def _queried(table: Any, wanted: Wanted) -> Search | None:
    forward = wanted["scan_index_forward"] is not False
    if wanted["index_name"]:
        search = _of_index(table, wanted["index_name"])
        if search is None:
            return None
        hash_name = search.order[0][1]
        given = dict(wanted["hash_key_conditions"] or ())
        if hash_name not in given:
            return None
        search.conditions.append("e.idx_hash = ?")
        search.values.append(sort_key(given[hash_name]))
        search.order = search.order[1:]
    else:
        search = _of_table(table)
        search.conditions.append("i.hash = ?")
        search.values.append(sort_key(wanted["hash_key"]))
        search.order = search.order[1:]
    search.forward = forward
    bounds = bounds_of(wanted["range_comparison"], wanted["range_objs"])
    if bounds is None or wanted["filter_kwargs"]:
        search.bounded = False  # what SQL does not decide, moto does
    elif bounds[0]:
        search.conditions.append(bounds[0].replace("{}", search.order[0][0]))
        search.values += bounds[1]
    search.begin_after(wanted["exclusive_start_key"])
    return search


def _scanned(table: Any, wanted: Wanted) -> Search | None:
    search = _of_index(table, wanted["index_name"]) if wanted["index_name"] else _of_table(table)
    if search is not None:
        if wanted["index_name"] and len(table.get_index(wanted["index_name"]).schema) == 1:
            search.order = [place for place in search.order if place[0] != "e.idx_range"]  # as moto sorts a scan
        search.bounded = not wanted["filters"]
        search.begin_after(wanted["exclusive_start_key"])
    return search


def _of_table(table: Any) -> Search:
    return Search(_ITEMS, ["i.tbl = ?"], [table.items.number], _own_keys(table, "i"))


def _of_index(table: Any, name: str) -> Search | None:
    index = next((one for one in table.all_indexes() if one.name == name), None)
    if index is None:
        return None
    hash_name, range_name = index_keys(index)
    ordered = range_name or table.range_key_attr
    order = [("e.idx_hash", hash_name), *([("e.idx_range", ordered)] if ordered else []), *_own_keys(table, "e")]
    return Search(_ENTRIES, ["e.tbl = ?", "e.idx = ?"], [table.items.number, name], order)


def _own_keys(table: Any, rows: str) -> list[tuple[str, str]]:
    names = [("hash", table.hash_key_attr), ("range", table.range_key_attr)]
    return [(f"{rows}.{column}", name) for column, name in names if name]


def _page(table: Any, search: Search, wanted: Wanted) -> Iterator[Item]:
    """Yield what a page holds, and the item after it, from which moto knows that there are more."""
    count = size = 0
    for content in table.items.store.database.each(search.query, search.values):
        item = item_of(table, content)
        if not item.is_within_segment(wanted.get("segments", (None, None))):
            continue
        yield item
        count, size = count + 1, size + item.size()
        if search.bounded and (count - 1 == wanted["limit"] or size > moto_table.RESULT_SIZE_LIMIT):
            return


def _by_key(table: Any, found: Iterator[Item]) -> dict[Any, Any]:
    page: dict[Any, Any] = {}
    for item in found:
        if table.range_key_attr:
            page.setdefault(item.hash_key, {})[item.range_key] = item
        else:
            page[item.hash_key] = item
    return page
