"""What a service posted or uploaded, unpacked piece by piece within a limit: gzip is told by its first bytes."""

import hashlib
import zlib
from collections.abc import Iterator

from chalicelib.products.errors import Unreadable
from chalicelib.products.scratch import PIECE, FilePart

MAX_UNPACKED = 400_000_000

_MAGIC = b"\x1f\x8b"
_GZIP = 16 + zlib.MAX_WBITS
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def unpacked(document: FilePart, digest: "hashlib._Hash | None" = None) -> Iterator[bytes]:
    """Yield a document in pieces, and have all of them digested.

    Raises
    ------
    Unreadable
        It is larger than 400 MB unpacked, or compressed and cut off or damaged.
    """
    pieces = document.pieces()
    is_packed = document.head(len(_MAGIC)) == _MAGIC
    size = 0
    for piece in _gunzipped(pieces) if is_packed else pieces:
        size += len(piece)
        if size > MAX_UNPACKED:
            raise Unreadable(f"The document is larger than {MAX_UNPACKED // 1_000_000} MB unpacked.")
        if digest is not None:
            digest.update(piece)
        yield piece.removeprefix(_BYTE_ORDER_MARK) if size == len(piece) else piece


def _gunzipped(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack one member or several, one after the other; what follows them that is none is left out."""
    unpacker = zlib.decompressobj(_GZIP)
    try:
        for packed in pieces:
            left = packed
            while left:
                if unpacker.eof:
                    if not left.startswith(_MAGIC):
                        return
                    unpacker = zlib.decompressobj(_GZIP)
                if found := unpacker.decompress(left, PIECE):
                    yield found
                left = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
    except zlib.error as error:
        raise Unreadable("The document is damaged: it cannot be unpacked.") from error
    if not unpacker.eof:
        raise Unreadable("The document is cut off.")
