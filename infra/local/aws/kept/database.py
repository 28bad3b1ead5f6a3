"""One SQLite database for all that the embedded AWS keeps, committed and synced in groups.

What several requests write while a group is being synced goes into the next one. A request is answered when the group
with the last of what it wrote, and of what it saw, has been synced; if that failed, nothing of the group is kept.
"""

import errno
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

LOGGER = logging.getLogger("siderostat.aws")

_CACHE_KIB = 32_768
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CANNOT_WRITE = frozenset({sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_TRUNCATE})

ReturnT = TypeVar("ReturnT")
Write = Callable[[sqlite3.Connection], ReturnT]


class NotKept(Exception):
    """What was asked for could not be written to the disk; the message says why."""


def reason_of(error: Exception) -> str:
    """Say in words why something could not be written."""
    is_full = getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL
    if is_full or getattr(error, "errno", None) in _NO_ROOM:
        return "no space is left on the disk"
    if getattr(error, "errno", None) == errno.EROFS or getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
        return "the file system is read-only"
    if getattr(error, "sqlite_errorcode", 0) in _CANNOT_WRITE:
        return f"{error}: perhaps no space is left, the file system is read-only, or the disk fails"
    return str(error)


class Request(threading.local):
    """What the current thread's request depends on: groups, and what failed outside of the database."""

    def __init__(self) -> None:
        self.groups: set[int] = set()
        self.failed = False


class Database:
    """Open from construction to `close`.

    Parameters
    ----------
    path : Path
        The file; -wal and -shm lie beside it.
    """

    def __init__(self, path: Path) -> None:
        self.lock = threading.RLock()
        self.on_failure: list[Callable[[], None]] = []
        """Called when a group was not kept, with `lock` held, so that what memory holds follows the disk."""
        self._connection = connect(path)
        self._changed = threading.Condition()
        self._request = Request()
        self._written = self._settled = self._group = 0
        self._failed_groups: set[int] = set()
        self._reason = ""
        self._failing = self._ending = False
        self._committer = threading.Thread(target=self._commit_groups, name="commit", daemon=True)
        self._committer.start()

    def begin(self) -> None:
        """Begin a request of this thread."""
        self._request.groups, self._request.failed = set(), False

    def write(self, change: Write[ReturnT]) -> ReturnT | None:
        """Let a change, which is kept as a whole or not at all, be part of the current group.

        It returns None instead of raising when the disk refuses: `settle` tells the request.
        """
        with self.lock:
            self._request.groups.add(self._group)
            try:
                if not self._connection.in_transaction:
                    self._connection.execute("BEGIN IMMEDIATE")
                answer = change(self._connection)
            except (sqlite3.Error, OSError) as error:
                self._give_up(error)
                return None
            except BaseException as error:  # a defect of ours: no half of a change is to be kept
                self._give_up(OSError(f"an internal error ({type(error).__name__})"))
                raise
            with self._changed:
                self._written += 1
                self._changed.notify_all()
            return answer

    def read(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows that a query finds, with what has been written but not synced."""
        with self.lock:
            return self._connection.execute(query, values).fetchall()

    def each(self, query: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        """Yield the first column of what a query finds; nothing else is done with the database meanwhile."""
        with self.lock:
            for row in self._connection.execute(query, values):
                yield row[0]

    def refuse(self, error: Exception) -> None:
        """Count what could not be written outside of the database as a failure of this request."""
        self._request.failed = True
        self._fail(error)

    def settle(self) -> None:
        """Wait until all that has been written so far, by anybody, is on the disk.

        Raises
        ------
        NotKept
            What this request has written or may have seen is not.
        """
        with self.lock:
            wanted = self._written
            if wanted > self._settled:
                self._request.groups.add(self._group)
        with self._changed:
            self._changed.wait_for(lambda: self._settled >= wanted)
        self.check()

    def check(self) -> None:
        """Raise NotKept if it is known that what this request has written, or may have seen, is not on the disk."""
        with self._changed:
            if self._request.failed or not self._request.groups.isdisjoint(self._failed_groups):
                raise NotKept(self._reason)

    def close(self) -> None:
        """Commit what is left and close."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
        self._committer.join()
        with self.lock:
            self._connection.close()

    def _commit_groups(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._written > self._settled or self._ending)
                if self._written == self._settled:
                    return
            with self.lock:
                self._commit()

    def _commit(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._give_up(error)
            return
        if self._failing:
            LOGGER.warning("the data folder can be written again")
            self._failing = False
        self._settle_all()

    def _give_up(self, error: Exception) -> None:
        """Undo the current group."""
        with suppress(sqlite3.Error):  # SQLite has undone it itself when the disk is full
            self._connection.execute("ROLLBACK")
        self._failed_groups.add(self._group)
        self._fail(error)
        for follow in self.on_failure:
            follow()
        self._settle_all()

    def _fail(self, error: Exception) -> None:
        reason = reason_of(error)
        if not self._failing or reason != self._reason:
            LOGGER.error("the data folder cannot be written: %s", reason)
        self._failing, self._reason = True, reason

    def _settle_all(self) -> None:
        with self._changed:
            self._group += 1
            self._settled = self._written
            self._changed.notify_all()


def connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    """Open a database file so that a commit is on the disk when it returns; transactions are begun by the caller."""
    mode = "ro" if read_only else "rwc"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False, timeout=30
    )
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA temp_store=MEMORY")
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    return connection
