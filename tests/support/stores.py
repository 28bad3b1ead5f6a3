"""What lies in the embedded AWS of this process, emptied and brought back behind its back: memory, or a folder."""

import os
import pickle
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import FakeKey, FakeMultipart, s3_backends
from moto.sqs.models import sqs_backends

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept.items import KeptItems
from infra.local.aws.kept.objects import KeptKeys

FOLDER = "folder"
"""In the variable STORE: what is stored lies in a folder, as with `serve --data`; else it lies in memory."""

Content = tuple[dict[str, Any], dict[str, Any]]
"""Of tables and of buckets, by their names."""
_ITEMS = "id, tbl, hash, range, content, indexed, expires"
_OBJECTS = "bucket, key, file, size, modified, facts"
_ENTRIES = "tbl, idx, idx_hash, idx_range, hash, range, item"


def in_a_folder() -> bool:
    return os.environ.get("STORE") == FOLDER


def empty() -> None:
    """Remove every item, object and message."""
    for table in _tables().values():
        _clear(table.items)
    for bucket in _buckets().values():
        _clear_bucket(bucket.keys)
    for stored in (*FakeKey.instances_tracked, *FakeMultipart.instances_tracked):  # what was replaced and removed, too
        stored.dispose()
    for queue in sqs_backends[ACCOUNT_ID][REGION].queues.values():
        for message in queue._messages if in_a_folder() else ():
            _database().write(lambda connection, one=message: connection.execute(_FORGET, (one.id,)))
        queue._messages.clear()
        queue.pending_messages.clear()
        queue.deleted_messages.clear()
    reset_model_data()  # moto lists all that it ever made, which every collection of garbage would look through


def empty_table(name: str) -> None:
    """Remove every item of a table, be it one of ours or a test's own."""
    _clear(dynamodb_backends[ACCOUNT_ID][REGION].tables[name].items)


def content() -> Content:
    """Return what lies in the tables and in the buckets."""
    tables = {name: _content(table.items) for name, table in _tables().items()}
    return tables, {name: _content_of_bucket(bucket.keys) for name, bucket in _buckets().items()}


def bring_back(content: Content) -> None:
    """Let the tables and the buckets hold what they did."""
    items, objects = content
    for name, table in _tables().items():
        _clear(table.items)
        _fill(table.items, items[name])
    for name, bucket in _buckets().items():
        _clear_bucket(bucket.keys)
        if name in objects:  # else some test has made it since
            _fill_bucket(bucket.keys, objects[name])


def together(table: Any) -> AbstractContextManager[None]:
    """Write what is put into a table in here at once."""
    return table.items.store.operation() if isinstance(table.items, KeptItems) else nullcontext()


_FORGET = "DELETE FROM messages WHERE id = ?"


def _tables() -> dict[str, Any]:
    """Return our tables by name; a test may have others for a while."""
    found = dynamodb_backends[ACCOUNT_ID][REGION].tables
    return {name: table for name, table in found.items() if name.startswith(os.environ["SIDEROSTAT_PREFIX"])}


def _buckets() -> dict[str, Any]:
    found: dict[str, Any] = s3_backends[ACCOUNT_ID]["aws"].buckets
    return found


def _database() -> Any:
    return next(iter(_tables().values())).items.store.database


def _clear(items: Any) -> None:
    if not isinstance(items, KeptItems):
        items.clear()
        return
    for table in ("entries", "items"):
        query = f"DELETE FROM {table} WHERE tbl = ?"
        items.store.database.write(lambda connection, one=query: connection.execute(one, (items.number,)))


def _clear_bucket(keys: Any) -> None:
    if not isinstance(keys, KeptKeys):
        keys.clear()
        return
    store, name = keys._store, (keys.bucket_name,)
    files = [file for (file,) in store.database.read("SELECT file FROM objects WHERE bucket = ?", name)]
    store.database.write(lambda connection: connection.execute("DELETE FROM objects WHERE bucket = ?", name))
    store.files.remove(files)


def _content(items: Any) -> Any:
    if not isinstance(items, KeptItems):
        return pickle.dumps(items)
    read, number = items.store.database.read, (items.number,)
    return (
        read(f"SELECT {_ITEMS} FROM items WHERE tbl = ?", number),
        read(f"SELECT {_ENTRIES} FROM entries WHERE tbl = ?", number),
    )


def _fill(items: Any, content: Any) -> None:
    if not isinstance(items, KeptItems):
        items.update(pickle.loads(content))
        return
    rows, entries = content

    def fill(connection: Any) -> None:
        connection.executemany(f"INSERT INTO items ({_ITEMS}) VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
        connection.executemany(f"INSERT INTO entries ({_ENTRIES}) VALUES (?, ?, ?, ?, ?, ?, ?)", entries)

    items.store.database.write(fill)


def _content_of_bucket(keys: Any) -> Any:
    if not isinstance(keys, KeptKeys):
        return pickle.dumps([(name, [(key, key.etag) for key in keys.getlist(name)]) for name in keys])
    store, name = keys._store, (keys.bucket_name,)
    rows = store.database.read(f"SELECT {_OBJECTS} FROM objects WHERE bucket = ?", name)
    return [(row, store.files.path(row[2]).read_bytes()) for row in rows]


def _fill_bucket(keys: Any, content: Any) -> None:
    if not isinstance(keys, KeptKeys):
        for name, versions in pickle.loads(content):
            for key, etag in versions:
                key._etag = etag.strip('"')  # moto forgets that of an object in parts
            keys.setlist(name, [key for key, _ in versions])
        return
    rows = [(*row[:2], keys._store.files.write(stored), *row[3:]) for row, stored in content]
    query = f"INSERT INTO objects ({_OBJECTS}) VALUES (?, ?, ?, ?, ?, ?)"
    keys._store.database.write(lambda connection: connection.executemany(query, rows))
