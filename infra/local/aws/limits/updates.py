"""Checks what an update makes of an item, and leaves the item as it was if DynamoDB would not store that."""

import copy
import functools
from typing import Any

from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType

from infra.local.aws.limits.keys import check_index_keys
from infra.local.aws.limits.values import MOST_ITEM_BYTES, check_levels, check_number, levels_of


def install() -> None:
    """Let no update store what DynamoDB would not, nor a part of it; after what replaces moto's own update."""
    DynamoDBBackend.update_item = _checked(DynamoDBBackend.update_item)


def _checked(update: Any) -> Any:  # noqa: ANN401 - moto has no types
    @functools.wraps(update)
    def checked(backend: Any, table_name: str, key: dict[str, Any], *args: Any, **named: Any) -> Any:  # noqa: ANN401
        table = backend.get_table(table_name)
        before = _stored(table, key)
        if not table.has_range_key:
            before = copy.deepcopy(before)  # moto changes this one in place
        try:
            item = update(backend, table_name, key, *args, **named)
            _check(table, item)
        except Exception:
            _put_back(table, key, before)
            raise
        return item

    return checked


def _check(table: Any, item: Any) -> None:  # noqa: ANN401 - moto has no types
    if item.size() > MOST_ITEM_BYTES:
        raise MockValidationException("Item size to update has exceeded the maximum allowed size")
    check_index_keys(table, item.attrs)
    for value in item.attrs.values():
        check_levels(levels_of(value))
        if value.type == "N":  # a sum
            check_number(value.value)


def _stored(table: Any, key: dict[str, Any]) -> Any:  # noqa: ANN401 - moto has no types
    return table.get_item(*_keys(table, key))


def _put_back(table: Any, key: dict[str, Any], item: Any) -> None:  # noqa: ANN401 - moto has no types
    hash_key, range_key = _keys(table, key)
    if item is None:
        table.delete_item(hash_key, range_key)
    elif range_key is None:
        table.items[hash_key] = item
    else:
        table.items[hash_key][range_key] = item


def _keys(table: Any, key: dict[str, Any]) -> tuple[DynamoType, DynamoType | None]:  # noqa: ANN401 - moto has no types
    range_key = DynamoType(key[table.range_key_attr]) if table.has_range_key else None
    return DynamoType(key[table.hash_key_attr]), range_key
