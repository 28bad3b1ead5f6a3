"""A copy of an installation in one file, consistent although it is being served: what was answered before is in it."""

import os
import shutil
import sqlite3
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from infra.local.aws.kept import folder
from infra.local.aws.kept.database import reason_of
from infra.local.aws.kept.files import Files
from infra.local.errors import StackError

_SCRATCH = "backup-"


def back_up(data: Path, to: Path) -> str:
    """Write the copy and return what to say about it.

    Raises
    ------
    StackError
        There is no installation, it is damaged, or the copy cannot be written.
    """
    if not (data / folder.DATABASE).exists():
        raise StackError(f"{data} holds no installation.")
    try:
        with _scratch(data) as scratch:
            count = _copy(data, scratch)
            _pack(scratch, to)
    except OSError as error:
        raise StackError(f"The backup {to} cannot be written: {reason_of(error)}.") from None
    except sqlite3.DatabaseError as error:
        raise folder.unusable(data, error) from None
    return f"backup  {to} ({count} objects, {to.stat().st_size / 1e6:.1f} MB)"


@contextmanager
def _scratch(data: Path) -> Iterator[Path]:
    """Make a folder beside the objects, where they can be linked, and remove it and what killed backups left."""
    for old in data.glob(f"{_SCRATCH}*"):
        if not folder.runs(old.name.removeprefix(_SCRATCH)):
            shutil.rmtree(old, ignore_errors=True)
    scratch = data / f"{_SCRATCH}{os.getpid()}"
    scratch.mkdir(mode=0o700)
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _copy(data: Path, scratch: Path) -> int:
    """Copy the database as it is at one moment, link the objects that it names, and return their number."""
    copy = scratch / folder.DATABASE
    files = Files(data / folder.OBJECTS)
    with files.standing():
        with closing(sqlite3.connect(data / folder.DATABASE)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
            target.execute("PRAGMA journal_mode=DELETE")
            names = [name for (name,) in target.execute("SELECT file FROM objects")]
        for name in names:
            linked = scratch / folder.OBJECTS / name[:2] / name
            linked.parent.mkdir(parents=True, exist_ok=True)
            linked.hardlink_to(files.path(name))
    for name in (folder.TOKEN, folder.SIGNING, folder.VERSION):
        with suppress(FileNotFoundError):  # nobody has served it yet
            shutil.copyfile(data / name, scratch / name)
    return len(names)


def _pack(scratch: Path, to: Path) -> None:
    aside = to.with_name(f".{to.name}.new")
    try:
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as archive:
                for path in sorted(scratch.rglob("*")):
                    if path.is_file():
                        archive.add(path, str(path.relative_to(scratch)), filter=_private)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(to)
    finally:
        aside.unlink(missing_ok=True)


def _private(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.mode, entry.uid, entry.gid, entry.uname, entry.gname = 0o600, 0, 0, "", ""
    return entry
