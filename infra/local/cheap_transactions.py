"""Makes moto's DynamoDB transactions cheap: it copies the whole table, deeply, for every item of a transaction."""

import copy
from collections import defaultdict
from typing import Any

from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType
from moto.dynamodb.models.table import Table

_update_item = DynamoDBBackend.update_item


def install() -> None:
    """Let the backup of a table share its items, and let updates replace an item instead of changing it."""
    Table.__deepcopy__ = _shared_copy
    DynamoDBBackend.update_item = _update_a_copy


def _shared_copy(table: Any, _memo: dict[int, Any]) -> Any:  # noqa: ANN401 - moto has no types
    clone = copy.copy(table)
    clone.items = defaultdict(dict)
    clone.items.update({key: dict(items) if table.has_range_key else items for key, items in table.items.items()})
    return clone


def _update_a_copy(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
    table = backend.get_table(table_name)
    if table.has_range_key and table.range_key_attr in key:
        partition = table.items.get(DynamoType(key[table.hash_key_attr]), {})
        range_key = DynamoType(key[table.range_key_attr])
        if range_key in partition:
            partition[range_key] = copy.deepcopy(partition[range_key])
    return _update_item(backend, table_name, key, *args, **kwargs)
