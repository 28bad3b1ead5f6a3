"""What is too large for memory: files in the function's scratch space, none of which outlives a call."""

import os
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

PIECE = 1 << 18


class ScratchFile:
    """A file without a name; it is gone when it is closed or forgotten."""

    def __init__(self) -> None:
        descriptor, path = tempfile.mkstemp()
        os.unlink(path)  # noqa: PTH108 - no Path is needed for it
        self._descriptor = descriptor
        self.close = weakref.finalize(self, os.close, descriptor)

    def fileno(self) -> int:
        """Return the descriptor, for processes that read the file."""
        return self._descriptor

    def write(self, content: bytes) -> None:
        """Write all of it at the end."""
        left = memoryview(content)
        while left:
            left = left[os.write(self._descriptor, left) :]

    def whole(self) -> "FilePart":
        """Return all that is in it now."""
        return FilePart(self, 0, os.fstat(self._descriptor).st_size)

    def clear(self) -> None:
        """Have nothing in it, and begin at the start."""
        os.ftruncate(self._descriptor, 0)
        self.rewind()

    def rewind(self) -> None:
        """Let whoever reads the descriptor begin at the start."""
        os.lseek(self._descriptor, 0, os.SEEK_SET)


@dataclass(frozen=True)
class FilePart:
    """Some bytes of a file; reading them does not move its position."""

    file: ScratchFile
    offset: int
    size: int

    def pieces(self, piece: int = PIECE) -> Iterator[bytes]:
        """Yield the bytes, some at a time."""
        position, end = self.offset, self.offset + self.size
        while position < end:
            found = os.pread(self.file.fileno(), min(piece, end - position), position)
            if not found:
                raise EOFError("a scratch file is shorter than it was")
            position += len(found)
            yield found

    def read(self) -> bytes:
        """Return all of them."""
        return next(self.pieces(self.size), b"")

    def head(self, size: int) -> bytes:
        """Return the first of them."""
        return os.pread(self.file.fileno(), min(size, self.size), self.offset)

    def __len__(self) -> int:
        return self.size


_space: ContextVar[list[ScratchFile] | None] = ContextVar("space", default=None)


@contextmanager
def space() -> Iterator[None]:
    """Close, at the end, every file that is made inside."""
    made: list[ScratchFile] = []
    token = _space.set(made)
    try:
        yield
    finally:
        _space.reset(token)
        for file in made:
            file.close()


def new_file() -> ScratchFile:
    """Return an empty file."""
    file = ScratchFile()
    if (made := _space.get()) is not None:
        made.append(file)
    return file
