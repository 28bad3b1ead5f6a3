"""An installation from its backup, in a folder of its own."""

import os
import shutil
import tarfile
from contextlib import suppress
from pathlib import Path

from infra.local.aws.kept import folder, schema
from infra.local.aws.kept.database import reason_of
from infra.local.errors import StackError


def restore(source: Path, data: Path) -> str:
    """Fill a folder and return what to say about it; the database comes last, so that half a copy is none.

    Raises
    ------
    StackError
        The folder is not empty or cannot be written, or the file is no backup that this version knows.
    """
    if data.exists() and not data.is_dir():
        raise StackError(f"{data} is not a folder: name one that is empty, or one that does not exist yet.")
    if data.exists() and any(data.iterdir()):
        raise StackError(f"The folder {data} is not empty: restore into one that is, or that does not exist yet.")
    existed = data.exists()
    try:
        with tarfile.open(source) as archive:
            version = _version(archive, source)
            if version > schema.VERSION:
                raise StackError(
                    f"The backup {source} was written by a newer version ({version}): restore it with that."
                )
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            data.chmod(0o700)
            count = _extract(archive, data)
    except (tarfile.TarError, EOFError):
        _clear(data, existed=existed)
        raise StackError(f"{source} is no whole backup.") from None
    except OSError as error:
        _clear(data, existed=existed)
        raise StackError(f"{source} cannot be restored into {data}: {reason_of(error)}.") from None
    return f"restored  {data} ({count} objects)"


def _version(archive: tarfile.TarFile, source: Path) -> int:
    try:
        file = archive.extractfile(folder.VERSION)
        archive.getmember(folder.DATABASE)
        return int(file.read()) if file else 0
    except (KeyError, ValueError):
        raise StackError(f"{source} is no backup of an installation.") from None


def _extract(archive: tarfile.TarFile, data: Path) -> int:
    """Write what the archive holds, and give the database its name when all is on the disk."""
    count = 0
    for member in archive:
        if not member.isreg():
            continue
        if member.name == folder.DATABASE:
            member = member.replace(name=f"{folder.DATABASE}.new")  # noqa: PLW2901 - the same file under another name
        archive.extract(member, data, filter="data")
        count += member.name.startswith(f"{folder.OBJECTS}/")
    for path in data.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
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
