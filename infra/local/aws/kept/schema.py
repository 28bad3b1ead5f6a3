"""What stands in the database of the embedded AWS, and how a folder of an older version becomes one of this."""

import sqlite3
from collections.abc import Callable

VERSION = 1
"""Of the folder; it rises with every change that an older program could not read."""

_SCHEMA = """
CREATE TABLE resources (kind TEXT NOT NULL, name TEXT NOT NULL, definition TEXT NOT NULL, PRIMARY KEY (kind, name));

CREATE TABLE tables (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, count INTEGER NOT NULL DEFAULT 0);
CREATE TABLE items (
    id INTEGER PRIMARY KEY, tbl INTEGER NOT NULL, hash BLOB NOT NULL, range BLOB NOT NULL,
    content TEXT NOT NULL, indexed TEXT NOT NULL, expires REAL, UNIQUE (tbl, hash, range)
);
CREATE INDEX expiring_items ON items (tbl, expires) WHERE expires IS NOT NULL;
CREATE TABLE entries (
    tbl INTEGER NOT NULL, idx TEXT NOT NULL, idx_hash BLOB NOT NULL, idx_range BLOB NOT NULL,
    hash BLOB NOT NULL, range BLOB NOT NULL, item INTEGER NOT NULL,
    PRIMARY KEY (tbl, idx, idx_hash, idx_range, hash, range)
) WITHOUT ROWID;
CREATE TRIGGER items_in AFTER INSERT ON items BEGIN UPDATE tables SET count = count + 1 WHERE id = NEW.tbl; END;
CREATE TRIGGER items_out AFTER DELETE ON items BEGIN UPDATE tables SET count = count - 1 WHERE id = OLD.tbl; END;

CREATE TABLE objects (
    bucket TEXT NOT NULL, key TEXT NOT NULL, file TEXT NOT NULL, size INTEGER NOT NULL, modified REAL NOT NULL,
    facts TEXT NOT NULL, PRIMARY KEY (bucket, key)
) WITHOUT ROWID;
CREATE INDEX object_files ON objects (file);

CREATE TABLE messages (
    id TEXT PRIMARY KEY, queue TEXT NOT NULL, place INTEGER NOT NULL, body TEXT NOT NULL, facts TEXT NOT NULL,
    delivery TEXT NOT NULL, UNIQUE (queue, place)
) WITHOUT ROWID;
"""

UPGRADES: dict[int, Callable[[sqlite3.Connection], object]] = {}
"""By the version that each begins with; it leads to the next one."""


def create(connection: sqlite3.Connection) -> None:
    """Lay out an empty database."""
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT;")


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of a database, 0 if it is empty."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def upgrade(connection: sqlite3.Connection, version: int) -> None:
    """Bring a database of an older version up to this one, as a whole or not at all."""
    connection.execute("BEGIN IMMEDIATE")
    for step in range(version, VERSION):
        UPGRADES[step](connection)
    connection.execute(f"PRAGMA user_version = {VERSION}")
    connection.execute("COMMIT")
