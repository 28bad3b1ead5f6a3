"""The contents of objects as files: written aside, synced, renamed, and never changed afterwards."""

import fcntl
import os
import time
import uuid
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

_FAN_OUT = 256
_ASIDE = "aside"
_YOUNG_SECONDS = 3600.0
"""So long a file may have no row yet: its request is still under way."""


class Files:
    """Files under names of their own.

    Parameters
    ----------
    folder : Path
        Made where it is missing.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for number in range(_FAN_OUT):
            (folder / f"{number:02x}").mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / _ASIDE).mkdir(mode=0o700, exist_ok=True)
        _sync(folder)

    def path(self, name: str) -> Path:
        """Return where a file lies."""
        return self.folder / name[:2] / name

    def write(self, content: bytes) -> str:
        """Store a content and return its name; it is on the disk then."""
        name = uuid.uuid4().hex
        aside, path = self.folder / _ASIDE / name, self.path(name)
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.rename(path)
        except OSError:
            with suppress(OSError):
                aside.unlink()
            raise
        _sync(path.parent)
        return name

    def remove(self, names: Collection[str]) -> None:
        """Remove files, unless a backup is being made or the folder cannot be written: `sweep` removes them later."""
        if not names:
            return
        with suppress(OSError), self._alone() as alone:
            if alone:
                for name in names:
                    self.path(name).unlink(missing_ok=True)

    def sweep(self, is_used: Callable[[str], bool]) -> int:
        """Remove what no object has, and return how many files that were."""
        oldest, removed = time.time() - _YOUNG_SECONDS, 0
        with self._alone() as alone:
            for path in self._all() if alone else ():
                if path.stat().st_mtime < oldest and (path.parent.name == _ASIDE or not is_used(path.name)):
                    path.unlink(missing_ok=True)
                    removed += 1
        return removed

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Let no file be removed in here, by any process."""
        with self._lock() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH)
            yield

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        with self._lock() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _lock(self) -> IO[bytes]:
        return os.fdopen(os.open(self.folder / "backup.lock", os.O_RDWR | os.O_CREAT, 0o600), "rb")

    def _all(self) -> Iterator[Path]:
        for folder in self.folder.iterdir():
            if folder.is_dir():
                yield from folder.iterdir()


def _sync(folder: Path) -> None:
    fd = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)
