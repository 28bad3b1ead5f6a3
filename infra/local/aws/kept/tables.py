"""Lets moto's DynamoDB keep its tables and what is in them."""

import functools
import inspect
import json
import sqlite3
from typing import Any

from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.table import Table

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept import pages
from infra.local.aws.kept.items import ItemStore, KeptItems
from infra.local.aws.resources import template

_TOGETHER = ("put_item", "delete_item", "transact_write_items", "execute_statement")
_DEFINED_BY = ("name", "schema", "attr", "global_indexes", "indexes", "billing_mode", "deletion_protection_enabled")
_REST: dict[str, Any] = dict.fromkeys(
    ("throughput", "streams", "sse_specification", "warm_throughput", "deletion_protection_enabled", "indexes")
) | {"tags": []}


def install(store: ItemStore) -> None:
    """Bring back the tables that there were, and keep those that are made."""
    pages.install()
    for name in _TOGETHER:
        setattr(DynamoDBBackend, name, _operation(getattr(DynamoDBBackend, name), store))
    DynamoDBBackend.update_item = _marking(DynamoDBBackend.update_item, store)
    Table.__deepcopy__ = _shared(Table.__deepcopy__)
    Table.__len__ = _counted(Table.__len__)
    create, delete = DynamoDBBackend.create_table, DynamoDBBackend.delete_table
    arguments = inspect.signature(create)
    backend = dynamodb_backends[ACCOUNT_ID][REGION]
    for number, name, definition in store.database.read(
        "SELECT id, name, definition FROM tables JOIN resources USING (name) WHERE kind = 'table'"
    ):
        table = create(backend, **_REST | json.loads(definition))
        table.items = KeptItems(store, table, number, expiry_attribute(name))

    @functools.wraps(create)
    def create_kept(backend: Any, *args: Any, **named: Any) -> Any:
        table = create(backend, *args, **named)
        if backend.account_id == ACCOUNT_ID and backend.region_name == REGION:
            given = arguments.bind(backend, *args, **named).arguments
            definition = json.dumps({key: given[key] for key in _DEFINED_BY if key in given})
            number = store.database.write(lambda connection: _add(connection, table.name, definition))
            table.items = KeptItems(store, table, number or 0, expiry_attribute(table.name))
        return table

    @functools.wraps(delete)
    def delete_kept(backend: Any, name: str) -> Any:
        table = delete(backend, name)
        if isinstance(table.items, KeptItems):
            number = table.items.number
            store.database.write(lambda connection: _drop(connection, table.name, number))
        return table

    DynamoDBBackend.create_table, DynamoDBBackend.delete_table = create_kept, delete_kept


def _operation(operation: Any, store: ItemStore) -> Any:
    @functools.wraps(operation)
    def together(*args: Any, **named: Any) -> Any:
        with store.operation():
            return operation(*args, **named)

    return together


def _marking(update: Any, store: ItemStore) -> Any:
    """Let an item that moto changed in place count as changed."""

    @functools.wraps(update)
    def marked(backend: Any, table_name: str, *args: Any, **named: Any) -> Any:
        with store.operation():
            item = update(backend, table_name, *args, **named)
            items = backend.get_table(table_name).items
            if isinstance(items, KeptItems):
                if item.range_key is None:
                    items[item.hash_key] = item
                else:
                    items[item.hash_key][item.range_key] = item
            return item

    return marked


def _shared(backup: Any) -> Any:
    """Spare a kept table the backup before a transaction: what fails is not written at all."""

    def shared(table: Any, memo: dict[int, Any]) -> Any:
        return table if isinstance(table.items, KeptItems) else backup(table, memo)

    return shared


def _counted(length: Any) -> Any:
    def count(table: Any) -> int:
        found: int = len(table.items) if isinstance(table.items, KeptItems) else length(table)
        return found

    return count


def _add(connection: sqlite3.Connection, name: str, definition: str) -> int | None:
    connection.execute("INSERT INTO resources (kind, name, definition) VALUES ('table', ?, ?)", (name, definition))
    return connection.execute("INSERT INTO tables (name) VALUES (?)", (name,)).lastrowid


def _drop(connection: sqlite3.Connection, name: str, number: int) -> None:
    for query in (
        "DELETE FROM entries WHERE tbl = ?",
        "DELETE FROM items WHERE tbl = ?",
        "DELETE FROM tables WHERE id = ?",
    ):
        connection.execute(query, (number,))
    connection.execute("DELETE FROM resources WHERE kind = 'table' AND name = ?", (name,))


def expiry_attribute(table: str) -> str | None:
    """Return the attribute that says when an item of one of our tables may go."""
    return next((name for suffix, name in _expiring() if table.endswith(suffix)), None)


@functools.cache
def _expiring() -> tuple[tuple[str, str], ...]:
    """Return how the names of such tables end, and their attributes, as resources.yaml says."""
    tables = [one["Properties"] for one in template()["Resources"].values() if one["Type"] == "AWS::DynamoDB::Table"]
    return tuple(
        (one["TableName"]["Fn::Sub"].removeprefix("${Prefix}"), one["TimeToLiveSpecification"]["AttributeName"])
        for one in tables
        if "TimeToLiveSpecification" in one
    )
