"""An installation from its backup, in a folder of its own."""

import os
import re
import shutil
import sqlite3
import tarfile
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, cast

from infra.local.aws.kept import folder, schema
from infra.local.aws.kept.database import reason_of
from infra.local.errors import StackError

_OURS = re.compile(
    "|".join(
        [
            *map(re.escape, (folder.DATABASE, folder.TOKEN, folder.SIGNING, folder.VERSION)),
            f"{folder.OBJECTS}/[0-9a-f]{{2}}/[0-9a-f]{{32}}",
        ]
    )
)
"""What a backup holds."""


def restore(source: Path, data: Path) -> str:
    """Fill a folder and return what to say about it; the database comes last, so that half a copy is none.

    Raises
    ------
    StackError
        The folder is not empty or cannot be written, or the file is no backup that this version knows.
    """
    existed = _looked_at(data)
    try:
        with tarfile.open(source) as archive:
            _check_version(archive, source)
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            data.chmod(0o700)
            count = _extract(archive, source, data)
    except StackError:
        _clear(data, existed=existed)
        raise
    except sqlite3.DatabaseError as error:
        _clear(data, existed=existed)
        raise StackError(f"The database in {source} is damaged ({error}): take another backup.") from None
    except (tarfile.TarError, EOFError):
        _clear(data, existed=existed)
        raise StackError(f"{source} is no whole backup.") from None
    except OSError as error:
        _clear(data, existed=existed)
        raise StackError(f"{source} cannot be restored into {data}: {reason_of(error)}.") from None
    return f"restored  {data} ({count} objects)"


def _looked_at(data: Path) -> bool:
    """Say whether the folder exists; raise StackError if it cannot be filled."""
    try:
        existed = data.exists()
        if existed and not data.is_dir():
            raise StackError(f"{data} is not a folder: name one that is empty, or one that does not exist yet.")
        if existed and any(data.iterdir()):
            raise StackError(f"The folder {data} is not empty: restore into one that is, or that does not exist yet.")
    except OSError as error:
        raise StackError(f"The folder {data} cannot be written: {reason_of(error)}.") from None
    return existed


def _check_version(archive: tarfile.TarFile, source: Path) -> None:
    try:
        file = archive.extractfile(folder.VERSION)
        archive.getmember(folder.DATABASE)
        version = int(file.read()) if file else 0
    except (KeyError, ValueError):
        raise StackError(f"{source} is no backup of an installation.") from None
    if version > schema.VERSION:
        raise StackError(f"The backup {source} was written by a newer version ({version}): restore it with that.")


def _extract(archive: tarfile.TarFile, source: Path, data: Path) -> int:
    """Write what the archive holds, and give the database its name when all is on the disk."""
    count = 0
    for member in archive:
        if not member.isreg() or not _OURS.fullmatch(member.name):
            raise StackError(f"{source} is no backup of an installation: it holds {member.name!r}.")
        path = data / (f"{folder.DATABASE}.new" if member.name == folder.DATABASE else member.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        with cast("IO[bytes]", archive.extractfile(member)) as content, path.open("xb") as file:
            shutil.copyfileobj(content, file)  # tarfile's own filters came in the middle of 3.11
        count += member.name.startswith(f"{folder.OBJECTS}/")
    for path in data.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    with closing(sqlite3.connect(data / f"{folder.DATABASE}.new")) as connection:
        connection.execute("PRAGMA quick_check(1)").fetchall()
    os.sync()
    (data / f"{folder.DATABASE}.new").replace(data / folder.DATABASE)
    return count


def _clear(data: Path, *, existed: bool) -> None:
    """Leave no half of a copy."""
    with suppress(OSError):
        for path in data.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        if not existed:
            data.rmdir()
