"""Makes moto's DynamoDB transactions cheap: it copies the whole table, deeply, for every item of a transaction."""

import copy
import functools
import threading
from collections import defaultdict
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_update_item = DynamoDBBackend.update_item
_transact = DynamoDBBackend.transact_write_items
_current = threading.local()


def install() -> None:
    """Let the backup of a table share what a transaction leaves alone, and let updates replace an item."""
    Table.__deepcopy__ = _backup
    DynamoDBBackend.update_item = _update_a_copy
    DynamoDBBackend.transact_write_items = _noted


@functools.wraps(_transact)
def _noted(backend: Any, transact_items: list[dict[str, Any]]) -> Any:  # noqa: ANN401 - moto has no types
    _current.items, _current.backups = transact_items, {}
    try:
        return _transact(backend, transact_items)
    finally:
        del _current.items, _current.backups


def _backup(table: Any, _memo: dict[int, Any]) -> Any:  # noqa: ANN401 - moto has no types
    """Copy a table of which only the partitions of the current transaction are about to change."""
    backups = getattr(_current, "backups", {})
    if id(table) not in backups:
        clone = copy.copy(table)
        clone.items = defaultdict(dict)
        clone.items.update(table.items)
        if table.range_key_attr:
            clone.items.update({key: dict(table.items[key]) for key in _touched(table) if key in table.items})
        backups[id(table)] = clone
    return backups[id(table)]


def _touched(table: Any) -> set[DynamoType]:  # noqa: ANN401 - moto has no types
    operations = [operation for item in getattr(_current, "items", ()) for operation in item.values()]
    return {
        DynamoType(operation.get("Item", operation.get("Key"))[table.hash_key_attr])
        for operation in operations
        if operation.get("TableName") == table.name
    }


def _update_a_copy(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    table = backend.get_table(table_name)
    if table.has_range_key and table.range_key_attr in key:
        partition = table.items.get(DynamoType(key[table.hash_key_attr]), {})
        range_key = DynamoType(key[table.range_key_attr])
        if range_key in partition:
            partition[range_key] = copy.deepcopy(partition[range_key])
    return _update_item(backend, table_name, key, *args, **kwargs)
