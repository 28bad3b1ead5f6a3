"""A zip written as a stream: answered if it is small, stored in parts while it grows if it is large."""

import zipfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, cast

from chalicelib import aws
from chalicelib.analyses.read.product_file import is_large
from chalicelib.analyses.run.large_objects import Parts, large_object
from chalicelib.settings import settings

ZIP = "application/zip"
_PART_BYTES = 8 * 1024 * 1024
_LEVEL = 1
"""Of deflate, while somebody waits: numbers get up to a fifth longer than by the usual 6, in a third to a seventh of
the time."""


@dataclass(frozen=True)
class Entry:
    """A file of the zip, its bytes some at a time."""

    name: str
    pieces: Iterable[bytes]
    is_packed: bool
    """Whether compression is worth the time: not of images, netCDF, and what is very large."""


def write_zip(key: str, entries: Iterable[Entry], at: datetime) -> bytes | None:
    """Write a zip whose files are of a given time; return it if it is small, else store it under the key."""
    with ExitStack() as stack:
        sink = _Sink(key, stack)
        with zipfile.ZipFile(cast("IO[bytes]", sink), "w") as archive:
            for entry in entries:
                info = zipfile.ZipInfo(entry.name, at.timetuple()[:6])
                info.compress_type = zipfile.ZIP_DEFLATED if entry.is_packed else zipfile.ZIP_STORED
                info._compresslevel = _LEVEL  # type: ignore[attr-defined]  # noqa: SLF001 - public from Python 3.13 on
                with archive.open(info, "w") as file:
                    for piece in entry.pieces:
                        file.write(piece)
        return sink.end()


class _Sink:
    """Takes bytes; once they fill a part, they go to S3 part by part."""

    def __init__(self, key: str, stack: ExitStack) -> None:
        self._key, self._stack = key, stack
        self._held = bytearray()
        self._parts: Parts | None = None

    def write(self, content: Any) -> int:  # noqa: ANN401 - any buffer
        """Append bytes."""
        self._held += content
        while len(self._held) >= _PART_BYTES:
            self._parts = self._parts or self._stack.enter_context(large_object(self._key, ZIP))
            self._parts.add(bytes(self._held[:_PART_BYTES]))
            del self._held[:_PART_BYTES]
        return len(content)

    def flush(self) -> None:
        """Nothing is held longer than it has to be."""

    def end(self) -> bytes | None:
        """Return all that was written if it is small, else see that it is stored."""
        rest = bytes(self._held)
        if self._parts is not None:
            if rest:
                self._parts.add(rest)
            return None
        if not is_large(len(rest)):
            return rest
        aws.s3().put_object(Bucket=settings().bucket, Key=self._key, Body=rest, ContentType=ZIP)
        return None


def once(content: bytes) -> Iterator[bytes]:
    """Yield all of something that is held anyway."""
    yield content
