"""The items of moto's tables, read by key from the database and written to it when an operation has succeeded."""

import json
import sqlite3
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any

from moto.dynamodb.models.dynamo_type import DynamoType, Item

from infra.local.aws.kept.database import Database
from infra.local.aws.kept.item_rows import content_of, entries_of, item_of
from infra.local.aws.kept.sort_keys import sort_key

Key = tuple[bytes, bytes]


class Operation(threading.local):
    """What the current thread's operation has read and changed; None stands for no item."""

    def __init__(self) -> None:
        self.depth = 0
        self.seen: dict[tuple[KeptItems, Key], Item | None] = {}
        self.changed: set[tuple[KeptItems, Key]] = set()


class ItemStore:
    """Reads and writes items of all tables.

    Parameters
    ----------
    database : Database
        Where they lie.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._current = Operation()

    @contextmanager
    def operation(self) -> Iterator[None]:
        """Write what is changed in here together when it ends, and nothing if it raises; one within another is one."""
        current = self._current
        current.depth += 1
        try:
            yield
            if current.depth == 1 and current.changed:
                changes = {place: current.seen[place] for place in current.changed}
                self.database.write(lambda connection: _write(connection, changes))
        finally:
            current.depth -= 1
            if not current.depth:
                current.seen, current.changed = {}, set()

    def get(self, items: "KeptItems", key: Key) -> Item | None:
        """Return an item; the same one throughout an operation, for moto changes some in place."""
        seen = self._current.seen
        if (items, key) in seen:
            return seen[items, key]
        rows = self.database.read(
            "SELECT content FROM items WHERE tbl = ? AND hash = ? AND range = ?", (items.number, *key)
        )
        found = item_of(items.table, rows[0][0]) if rows else None
        if self._current.depth:
            seen[items, key] = found
        return found

    def put(self, items: "KeptItems", key: Key, item: Item | None) -> None:
        """Store an item, or remove it, at the end of the operation."""
        with self.operation():
            self._current.seen[items, key] = item
            self._current.changed.add((items, key))


class KeptItems(MutableMapping[DynamoType, Any]):
    """Stands where moto has a table's dictionary: items by hash key, or partitions by hash key and range key.

    Parameters
    ----------
    store : ItemStore
        Where the items lie.
    table : Table
        moto's.
    number : int
        Of the table in the database.
    expires : str or None
        The attribute that says when an item may go.
    """

    def __init__(self, store: ItemStore, table: Any, number: int, expires: str | None) -> None:
        self.store, self.table, self.number, self.expires = store, table, number, expires

    def __getitem__(self, hash_key: DynamoType) -> Any:
        if self.table.range_key_attr:
            return KeptPartition(self, sort_key(hash_key))
        item = self.store.get(self, (sort_key(hash_key), b""))
        if item is None:
            raise KeyError(hash_key)
        return item

    def __setitem__(self, hash_key: DynamoType, value: Any) -> None:
        if self.table.range_key_attr:
            KeptPartition(self, sort_key(hash_key)).update(value)
        else:
            self.store.put(self, (sort_key(hash_key), b""), value)

    def __delitem__(self, hash_key: DynamoType) -> None:
        if self.table.range_key_attr:
            KeptPartition(self, sort_key(hash_key)).clear()
        else:
            self.store.put(self, (sort_key(hash_key), b""), None)

    def __contains__(self, hash_key: object) -> bool:
        query = "SELECT 1 FROM items WHERE tbl = ? AND hash = ? LIMIT 1"
        return bool(self.store.database.read(query, (self.number, sort_key(hash_key))))

    def __iter__(self) -> Iterator[DynamoType]:
        name = self.table.hash_key_attr
        seen = set()
        for item in self.all():
            key = item.attrs[name]
            if key not in seen:
                seen.add(key)
                yield key

    def __len__(self) -> int:
        count: int = self.store.database.read("SELECT count FROM tables WHERE id = ?", (self.number,))[0][0]
        return count

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def all(self) -> Iterator[Item]:
        """Yield every item, by hash key and range key."""
        for hash_key, range_key in self.store.database.read(
            "SELECT hash, range FROM items WHERE tbl = ? ORDER BY hash, range", (self.number,)
        ):
            item = self.store.get(self, (hash_key, range_key))
            if item is not None:
                yield item


class KeptPartition(MutableMapping[DynamoType, Item]):
    """The items with one hash key, by range key."""

    def __init__(self, items: KeptItems, hash_key: bytes) -> None:
        self._items, self._hash = items, hash_key

    def __getitem__(self, range_key: DynamoType) -> Item:
        item = self._items.store.get(self._items, (self._hash, sort_key(range_key)))
        if item is None:
            raise KeyError(range_key)
        return item

    def __setitem__(self, range_key: DynamoType, item: Item) -> None:
        self._items.store.put(self._items, (self._hash, sort_key(range_key)), item)

    def __delitem__(self, range_key: DynamoType) -> None:
        _ = self[range_key]
        self._items.store.put(self._items, (self._hash, sort_key(range_key)), None)

    def __iter__(self) -> Iterator[DynamoType]:
        query = "SELECT range FROM items WHERE tbl = ? AND hash = ? ORDER BY range"
        for (range_key,) in self._items.store.database.read(query, (self._items.number, self._hash)):
            item = self._items.store.get(self._items, (self._hash, range_key))
            if item is not None and item.range_key is not None:
                yield item.range_key

    def __len__(self) -> int:
        query = "SELECT count(*) FROM items WHERE tbl = ? AND hash = ?"
        count: int = self._items.store.database.read(query, (self._items.number, self._hash))[0][0]
        return count


def _write(connection: sqlite3.Connection, changes: dict[tuple[KeptItems, Key], Item | None]) -> None:
    for (items, key), item in changes.items():
        row = connection.execute(
            "SELECT id, indexed FROM items WHERE tbl = ? AND hash = ? AND range = ?", (items.number, *key)
        ).fetchone()
        if item is None:
            remove_row(connection, items.number, key, row)
        else:
            _store(connection, items, key, item, row)


def _store(connection: sqlite3.Connection, items: KeptItems, key: Key, item: Item, row: tuple[int, str] | None) -> None:
    places = [[one.index, one.hash.hex(), one.range.hex()] for one in entries_of(items.table, item)]
    indexed, content, expires = json.dumps(places), content_of(item), _expiry(items, item)
    if row is None:
        number = connection.execute(
            "INSERT INTO items (tbl, hash, range, content, indexed, expires) VALUES (?, ?, ?, ?, ?, ?)",
            (items.number, *key, content, indexed, expires),
        ).lastrowid
    else:
        number = row[0]
        connection.execute(
            "UPDATE items SET content = ?, indexed = ?, expires = ? WHERE id = ?", (content, indexed, expires, number)
        )
        if row[1] == indexed:
            return
        _leave_indexes(connection, items.number, key, row[1])
    connection.executemany(
        "INSERT INTO entries (tbl, idx, idx_hash, idx_range, hash, range, item) VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(items.number, name, bytes.fromhex(one), bytes.fromhex(two), *key, number) for name, one, two in places],
    )


def remove_row(connection: sqlite3.Connection, table: int, key: Key, row: tuple[int, str] | None) -> None:
    """Remove an item, of which the row's number and entries in indexes are given, if there is one."""
    if row is not None:
        _leave_indexes(connection, table, key, row[1])
        connection.execute("DELETE FROM items WHERE id = ?", (row[0],))


def _leave_indexes(connection: sqlite3.Connection, table: int, key: Key, indexed: str) -> None:
    connection.executemany(
        "DELETE FROM entries WHERE tbl = ? AND idx = ? AND idx_hash = ? AND idx_range = ? AND hash = ? AND range = ?",
        [(table, name, bytes.fromhex(one), bytes.fromhex(two), *key) for name, one, two in json.loads(indexed)],
    )


def _expiry(items: KeptItems, item: Item) -> float | None:
    value = item.attrs.get(items.expires) if items.expires else None
    return float(value.value) if value is not None and value.type == "N" else None
