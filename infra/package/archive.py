"""Zips that hold the same bytes whoever builds them, and wherever."""

import zipfile
from pathlib import Path

_MOMENT = (1980, 1, 1, 0, 0, 0)  # the first that a zip can name
_READABLE = 0o100644
_RUNNABLE = 0o100755


def write(folder: Path, archive: Path) -> None:
    """Pack a folder: in order, without times, and with the same rights whatever umask its files were made under."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for file in sorted(folder.rglob("*"), key=lambda file: file.relative_to(folder).as_posix()):
            if file.is_file():
                entry = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _MOMENT)
                entry.create_system = 3  # Unix, whose rights follow
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (_RUNNABLE if file.suffix == ".so" or ".so." in file.name else _READABLE) << 16
                packed.writestr(entry, file.read_bytes())
