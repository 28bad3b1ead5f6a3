"""Lets moto's S3 keep its objects: contents in files, all else in the database, read when it is asked for."""

import copy
import functools
import inspect
import json
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from moto.s3.models import FakeKey, S3Backend, s3_backends

from infra.local.aws.account import ACCOUNT_ID
from infra.local.aws.kept.database import Database
from infra.local.aws.kept.files import Files

_FACTS = (
    "_storage_class", "_etag", "encryption", "kms_key_id", "bucket_key_enabled", "checksum_algorithm", "checksum_value",
    "checksum_type", "checksum_parts", "website_redirect_location", "lock_mode", "lock_legal_status", "lock_until",
)  # fmt: skip
_FIND = "SELECT key, file, size, modified, facts FROM objects WHERE bucket = ?"
_INSERT = "INSERT INTO objects (bucket, key, file, size, modified, facts) VALUES (?, ?, ?, ?, ?, ?)"
LAST = "\U0010ffff"
_MOST_TOKENS = 10_000

Row = tuple[str, str, int, float, str]


class Changes(threading.local):
    """The objects that the current request has written, before they are kept; None stands for none."""

    def __init__(self) -> None:
        self.of: dict[tuple[KeptKeys, str], Any] = {}


class ObjectStore:
    """Reads and writes objects of all buckets.

    Parameters
    ----------
    database, files : Database, Files
        Where they lie.
    """

    def __init__(self, database: Database, files: Files) -> None:
        self.database, self.files = database, files
        self.changes = Changes()

    def keep(self) -> list[str]:
        """Write what this request has changed; return the files that nothing needs once that is on the disk."""
        changes, self.changes.of = self.changes.of, {}
        if not changes:
            return []
        try:
            rows = {place: self._row(key) for place, key in changes.items()}
        except OSError as error:
            self.database.refuse(error)
            return []
        return self.database.write(lambda connection: _write(connection, rows)) or []

    def _row(self, key: Any) -> Row | None:
        if key is None:
            return None
        facts = {name: getattr(key, name) for name in _FACTS} | {
            "_etag": key.etag.strip('"'),
            "metadata": dict(key.metadata),
        }
        file = self.files.write(key.value)
        return key.name, file, key.contentsize, key.last_modified.timestamp(), json.dumps(facts)


class KeptKey(FakeKey):  # type: ignore[misc]  # moto has no types
    """An object whose content is read from its file when it is asked for."""

    def __init__(self, files: Files, bucket: Any, row: Row) -> None:
        self._path = None
        name, file, size, modified, facts = row
        super().__init__(name, b"", bucket.account_id, bucket.region_name, bucket_name=bucket.name, version_id="null")
        known = json.loads(facts)
        self.set_metadata(known.pop("metadata"), replace=True)
        for fact, value in known.items():
            setattr(self, fact, value)
        self.last_modified = datetime.fromtimestamp(modified, UTC).replace(tzinfo=None)
        self.contentsize = size
        self._path = files.path(file)

    @property
    def value(self) -> bytes:
        """The content."""
        return b"" if self._path is None else self._path.read_bytes()

    @value.setter
    def value(self, new: bytes) -> None:
        """Set by moto's constructor, to nothing."""


class KeptKeys:
    """Stands where moto has a bucket's objects by key.

    Parameters
    ----------
    store : ObjectStore
        Where they lie.
    bucket : FakeBucket
        moto's.
    within : tuple of str
        A condition in SQL that narrows the keys, and its values.
    """

    def __init__(self, store: ObjectStore, bucket: Any, within: tuple[str, ...] = ("1",)) -> None:
        self._store, self._bucket, self._within = store, bucket, within

    def narrowed(self, condition: str, *values: Any) -> "KeptKeys":
        """Return only the keys for which a condition holds."""
        return KeptKeys(self._store, self._bucket, (condition, *values))

    def getlist(self, name: str, default: Any = None) -> Any:
        """Return the one version of an object in a list."""
        changes = self._store.changes.of
        if (self, name) in changes:
            found = changes[self, name]
        else:
            rows = self._store.database.read(
                f"{_FIND} AND key = ?",
                (self._bucket.name, name),
            )
            found = KeptKey(self._store.files, self._bucket, rows[0]) if rows else None
        return default if found is None else [found]

    def setlist(self, name: str, versions: list[Any]) -> None:
        """Store the newest of the versions, at the end of the request."""
        self._store.changes.of[self, name] = versions[-1]

    def pop(self, name: str) -> None:
        """Remove an object."""
        _ = self[name]
        self._store.changes.of[self, name] = None

    def get(self, name: str, default: Any = None) -> Any:
        """Return an object."""
        versions = self.getlist(name)
        return default if versions is None else versions[-1]

    def items(self) -> Iterator[tuple[str, Any]]:
        """Yield keys and objects in the order of the keys."""
        condition, *values = self._within
        for row in self._store.database.read(
            f"{_FIND} AND {condition}",
            (self._bucket.name, *values),
        ):
            yield row[0], KeptKey(self._store.files, self._bucket, row)

    def values(self) -> Iterator[Any]:
        """Yield the objects."""
        return (key for _, key in self.items())

    def iterlists(self) -> Iterator[tuple[str, list[Any]]]:
        """Yield keys and their versions."""
        return ((name, [key]) for name, key in self.items())

    def item_size(self) -> int:
        """Return the size of all objects in bytes."""
        size: int = self._store.database.read("SELECT total(size) FROM objects WHERE bucket = ?", (self._bucket.name,))[
            0
        ][0]
        return int(size)

    def __getitem__(self, name: str) -> Any:
        versions = self.getlist(name)
        if versions is None:
            raise KeyError(name)
        return versions[-1]

    def __setitem__(self, name: str, key: Any) -> None:
        self.setlist(name, [key])

    def __contains__(self, name: object) -> bool:
        return self.getlist(str(name)) is not None

    def __len__(self) -> int:
        count: int = self._store.database.read("SELECT count(*) FROM objects WHERE bucket = ?", (self._bucket.name,))[
            0
        ][0]
        return count

    def __bool__(self) -> bool:
        return bool(self._store.database.read("SELECT 1 FROM objects WHERE bucket = ? LIMIT 1", (self._bucket.name,)))

    @property
    def bucket_name(self) -> str:
        """The name of the bucket."""
        name: str = self._bucket.name
        return name


def install(store: ObjectStore) -> None:
    """Bring back the buckets that there were, and keep those that are made."""
    backend = s3_backends[ACCOUNT_ID]["aws"]
    create, delete = S3Backend.create_bucket, S3Backend.delete_bucket
    for name, definition in store.database.read("SELECT name, definition FROM resources WHERE kind = 'bucket'"):
        known = json.loads(definition)
        bucket = create(backend, name, known["region"])
        bucket.creation_date = datetime.fromisoformat(known["created"])
        bucket.keys = KeptKeys(store, bucket)

    @functools.wraps(create)
    def create_kept(backend: Any, *args: Any, **named: Any) -> Any:
        bucket = create(backend, *args, **named)
        definition = json.dumps({"region": bucket.region_name, "created": bucket.creation_date.isoformat()})
        store.database.write(
            lambda connection: connection.execute(
                "INSERT OR REPLACE INTO resources (kind, name, definition) VALUES ('bucket', ?, ?)",
                (bucket.name, definition),
            )
        )
        bucket.keys = KeptKeys(store, bucket)
        return bucket

    @functools.wraps(delete)
    def delete_kept(backend: Any, bucket_name: str) -> Any:
        bucket = delete(backend, bucket_name)
        if bucket is not None:
            store.database.write(
                lambda connection: connection.execute(
                    "DELETE FROM resources WHERE kind = 'bucket' AND name = ?", (bucket_name,)
                )
            )
        return bucket

    S3Backend.create_bucket, S3Backend.delete_bucket = create_kept, delete_kept
    S3Backend.list_objects = _narrowed(S3Backend.list_objects)
    S3Backend.list_objects_v2 = _narrowed(S3Backend.list_objects_v2)


def _narrowed(operation: Any) -> Any:
    """Let a list see nothing but what its page can hold, and the object after it."""
    arguments = inspect.signature(operation)

    @functools.wraps(operation)
    def narrowed(backend: Any, *args: Any, **named: Any) -> Any:
        bound = arguments.bind(backend, *args, **named)
        bucket = bound.arguments["bucket"]
        if not isinstance(getattr(bucket, "keys", None), KeptKeys) or hasattr(bucket, "narrowed"):
            return operation(backend, *args, **named)
        if len(backend._pagination_tokens) > _MOST_TOKENS:
            backend._pagination_tokens.clear()
        page = copy.copy(bucket)
        page.narrowed = True
        page.keys = bucket.keys.narrowed(*_within(backend, bound.arguments))
        given = {name: value for name, value in bound.arguments.items() if name != "self"}
        return operation(backend, **given | {"bucket": page})

    return narrowed


def _within(backend: Any, wanted: Mapping[str, Any]) -> tuple[Any, ...]:
    prefix = wanted.get("prefix") or ""
    token = wanted.get("continuation_token") or wanted.get("marker")
    after = (backend._pagination_tokens.get(token) or token if token else wanted.get("start_after")) or ""
    condition = "key >= ? AND key > ?" + (" AND key < ?" if prefix else "")
    values = [prefix, after, *([prefix + LAST] if prefix else [])]
    if wanted.get("delimiter") or not wanted.get("max_keys"):
        return f"{condition} ORDER BY key", *values  # folders stand for any number of objects
    return f"{condition} ORDER BY key LIMIT {int(wanted['max_keys']) + 1}", *values


def _write(connection: sqlite3.Connection, rows: Mapping[tuple[KeptKeys, str], Row | None]) -> list[str]:
    """Write rows, and return the files of those that they replace."""
    needless = []
    for (keys, name), row in rows.items():
        place = keys.bucket_name, name
        needless += [
            file for (file,) in connection.execute("SELECT file FROM objects WHERE bucket = ? AND key = ?", place)
        ]
        connection.execute("DELETE FROM objects WHERE bucket = ? AND key = ?", place)
        if row is not None:
            connection.execute(
                _INSERT,
                (keys.bucket_name, *row),
            )
    return needless
