"""The folder of an installation: made, locked, checked and brought up to this version before anything is served."""

import fcntl
import os
import secrets
import sqlite3
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from infra.local.aws.kept import schema
from infra.local.aws.kept.database import connect, reason_of
from infra.local.errors import StackError

DATABASE = "siderostat.db"
OBJECTS = "objects"
TOKEN = "admin-token"  # noqa: S105 - the name of a file
VERSION = "version"
SIGNING = "signing-secret"
ENDPOINT = "aws-endpoint"
RESOURCES = "resources"
_LOCK = "lock"

_ENDING_SECONDS = 15.0
"""So long what a killed stack has left behind may take to end."""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that is ours.

    Parameters
    ----------
    path : Path
        Where it is.
    lock : int
        A file descriptor; the folder is locked as long as one process has it open.
    lost_token : bool
        Whether there was an installation in it, but not the file of the first administrator's token.
    """

    path: Path
    lock: int
    lost_token: bool


def take(path: Path) -> Folder:
    """Make a folder if it is missing, lock it, and prepare what lies in it.

    Raises
    ------
    StackError
        It is no folder, cannot be written, is in use, damaged, or was written by a newer version.
    """
    try:
        if path.exists() and not path.is_dir():
            raise StackError(f"{path} is not a folder: name one that is, or one that does not exist yet.")
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
        whole, lock = path.resolve(), _locked(path)
        is_new = _prepare(whole)
        folder = Folder(whole, lock, lost_token=not is_new and not (whole / TOKEN).exists())
    except OSError as error:
        raise StackError(f"The folder {path} cannot be written: {reason_of(error)}.") from None
    except sqlite3.DatabaseError as error:
        raise unusable(path, error) from None
    return folder


def unusable(path: Path, error: sqlite3.DatabaseError) -> StackError:
    """Say why a database cannot be used: it cannot be written, or it is damaged."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in {
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_FULL,
    }:
        return StackError(f"The folder {path} cannot be written: {reason_of(error)}.")
    return _damaged(path, str(error))


def _damaged(path: Path, how: str) -> StackError:
    return StackError(f"The database {path / DATABASE} is damaged ({how}): restore a backup into another folder.")


def served_at(path: Path) -> str | None:
    """Return the endpoint of the embedded AWS if the folder is being served."""
    try:
        lock = os.open(path / _LOCK, os.O_RDWR)
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file = path / ENDPOINT
        return file.read_text().strip() if file.exists() else None
    finally:
        os.close(lock)
    return None


def _locked(path: Path) -> int:
    """Return a descriptor that holds the lock; children of a killed stack are given the time to end."""
    lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    deadline = time.monotonic() + _ENDING_SECONDS
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            pid = os.pread(lock, 32, 0).decode().strip()
            if runs(pid) or time.monotonic() > deadline:
                os.close(lock)
                raise StackError(f"The folder {path} is in use by process {pid}: end that one first.") from None
            time.sleep(0.05)
        else:
            os.ftruncate(lock, 0)
            os.pwrite(lock, f"{os.getpid()}\n".encode(), 0)
            return lock


def runs(pid: str) -> bool:
    """Say whether there is a process, and whether it does more than wait for its parent."""
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    with suppress(OSError):  # without /proc nobody can say whether it only waits for its parent
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    return True


def _prepare(path: Path) -> bool:
    """Make the database, or check it and bring it up to this version; say whether it was made."""
    database = path / DATABASE
    if (path / VERSION).exists() and not database.exists():
        raise _damaged(path, "it is missing")
    _refuse_newer(path, _read_version(path))
    is_new = not database.exists()
    os.close(os.open(database, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(connect(database)) as connection:
        if is_new:
            schema.create(connection)
        _check(path, connection)
        _upgrade(path, connection)
    for file in path.glob(f"{DATABASE}*"):
        file.chmod(0o600)
    (path / OBJECTS).mkdir(mode=0o700, exist_ok=True)
    write_private(path / VERSION, f"{schema.VERSION}\n")
    return is_new


def _refuse_newer(path: Path, version: int) -> None:
    if version > schema.VERSION:
        raise StackError(
            f"The folder {path} was written by a newer version ({version}, this one writes {schema.VERSION}): "
            "use that one, or restore a backup of this one."
        )


def _check(path: Path, connection: sqlite3.Connection) -> None:
    [[found]] = connection.execute("PRAGMA quick_check(1)").fetchall()
    if found != "ok":
        raise _damaged(path, " ".join(found.split()))


def _upgrade(path: Path, connection: sqlite3.Connection) -> None:
    version = schema.version_of(connection)
    _refuse_newer(path, version)  # one that was killed after its upgrade, before it wrote the file
    if version < 1:
        raise _damaged(path, f"its version is {version}")
    if version < schema.VERSION:
        _copy(connection, path / f"before-version-{version + 1}.db")
        schema.upgrade(connection, version)


def _copy(connection: sqlite3.Connection, to: Path) -> None:
    """Copy a database so that it is there as a whole or not at all, for its owner alone."""
    aside = to.with_name(f".{to.name}.new")
    aside.unlink(missing_ok=True)
    try:
        os.close(os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(aside)) as target:
            connection.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
        aside.replace(to)
    finally:
        aside.unlink(missing_ok=True)


def _read_version(path: Path) -> int:
    try:
        return int((path / VERSION).read_text())
    except FileNotFoundError:
        return 0
    except ValueError:
        raise StackError(f"The file {path / VERSION} is damaged: it holds no number.") from None


def admin_token(folder: Folder, given: str | None, new: str) -> str:
    """Return the first administrator's token; without a file for it, the one that is given, or a new one, is kept."""
    return _kept(folder, TOKEN, given or new)


def signing_secret(folder: Folder) -> str:
    """Return what signed URLs are signed with, so that they outlast a restart."""
    return _kept(folder, SIGNING, secrets.token_urlsafe(30))


def _kept(folder: Folder, name: str, new: str) -> str:
    file = folder.path / name
    try:
        if not file.exists():
            write_private(file, f"{new}\n")
        found = file.read_text().strip()
    except OSError as error:
        raise StackError(f"The folder {folder.path} cannot be written: {reason_of(error)}.") from None
    except UnicodeDecodeError:
        found = ""
    if not found:
        raise StackError(f"The file {file} is damaged: it holds no {name}.")
    return found


def write_private(path: Path, text: str) -> None:
    """Write a small file so that it is there as a whole or not at all, for its owner alone."""
    aside = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
