"""Removes what is over, as AWS does by itself: items by their time to live, objects by lifecycle, messages by age."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from moto.sqs.models import sqs_backends

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.kept.database import Database, NotKept
from infra.local.aws.kept.files import Files
from infra.local.aws.kept.items import remove_row
from infra.local.aws.kept.objects import LAST
from infra.local.aws.resources import template

LOGGER = logging.getLogger("siderostat.aws")

_FIRST_SECONDS = 5.0
_EVERY_SECONDS = 3600.0
_AT_ONCE = 200
"""So many items or objects are removed in one change: others wait no longer than that takes."""
_DAY_SECONDS = 86_400


class Purge:
    """Works hourly, on a thread of its own, from construction to `stop`.

    Parameters
    ----------
    database, files : Database, Files
        Where everything lies.
    forget : callable
        Called with a message that is too old; removes it from the database.
    """

    def __init__(self, database: Database, files: Files, forget: Callable[[Any], None]) -> None:
        self._database, self._files, self._forget = database, files, forget
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="purge", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being removed."""
        self._ending.set()
        self._thread.join()

    def _run(self) -> None:
        wait = _FIRST_SECONDS
        while not self._ending.wait(wait):
            wait = _EVERY_SECONDS
            try:
                self.purge(time.time())
            except (NotKept, OSError) as error:
                LOGGER.warning("the hourly purge could not remove all that is over: %s", error)
            except Exception:
                LOGGER.warning("the hourly purge has failed", exc_info=True)

    def purge(self, now: float) -> None:
        """Remove what is over at a time in Unix seconds."""
        items = self._again(lambda connection: _purge_items(connection, now))
        rules = tuple(lifetimes())
        objects = self._again(lambda connection: _purge_objects(connection, now, rules))
        messages = sum(map(self._purge_queue, list(sqs_backends[ACCOUNT_ID][REGION].queues.values())))
        files = self._files.sweep(self._is_used)
        if items or objects or messages or files:
            found = {"items": items, "objects": objects, "messages": messages, "files": files}
            LOGGER.info("removed what was over", extra=found)

    def _again(self, some: Callable[[sqlite3.Connection], list[str | None]]) -> int:
        """Remove a part of it until nothing is left; what has a file loses it when the change is on the disk."""
        removed = 0
        while not self._ending.is_set():
            self._database.begin()
            found = self._database.write(some) or []
            self._database.settle()
            self._files.remove([file for file in found if file])
            removed += len(found)
            if not found:
                break
        return removed

    def _purge_queue(self, queue: Any) -> int:
        with queue._messages_lock:
            oldest = 1000 * (time.time() - queue.message_retention_period)
            old = [one for one in queue._messages if one.sent_timestamp < oldest]
            for message in old:
                queue._messages.remove(message)
                queue.pending_messages.discard(message)
                self._forget(message)
        return len(old)

    def _is_used(self, file: str) -> bool:
        return bool(self._database.read("SELECT 1 FROM objects WHERE file = ?", (file,)))


def _purge_items(connection: sqlite3.Connection, now: float) -> list[str | None]:
    rows = connection.execute(
        "SELECT id, tbl, hash, range, indexed FROM items INDEXED BY expiring_items"
        " WHERE tbl IN (SELECT id FROM tables) AND expires <= ? LIMIT ?",
        (now, _AT_ONCE),
    ).fetchall()
    for number, table, hash_key, range_key, indexed in rows:
        remove_row(connection, table, (hash_key, range_key), (number, indexed))
    return [None] * len(rows)


def _purge_objects(connection: sqlite3.Connection, now: float, rules: Iterable[tuple[str, int]]) -> list[str | None]:
    for prefix, days in rules:
        rows = connection.execute(
            "SELECT bucket, key, file FROM objects WHERE bucket IN (SELECT name FROM resources WHERE kind = 'bucket')"
            " AND bucket LIKE ? AND key >= ? AND key < ? AND modified <= ? LIMIT ?",
            (f"%-{ACCOUNT_ID}", prefix, prefix + LAST, now - days * _DAY_SECONDS, _AT_ONCE),
        ).fetchall()
        connection.executemany("DELETE FROM objects WHERE bucket = ? AND key = ?", [row[:2] for row in rows])
        if rows:
            return [file for *_, file in rows]
    return []


def lifetimes() -> Iterator[tuple[str, int]]:
    """Yield prefixes of objects and the days that they last, as resources.yaml says."""
    for resource in template()["Resources"].values():
        if resource["Type"] == "AWS::S3::Bucket":
            for rule in resource["Properties"]["LifecycleConfiguration"]["Rules"]:
                if rule["Status"] == "Enabled" and "ExpirationInDays" in rule:
                    yield rule["Prefix"], rule["ExpirationInDays"]
