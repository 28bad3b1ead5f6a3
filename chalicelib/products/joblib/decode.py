"""joblib files, compressed or not, decoded within limits and without running anything that they hold."""

import bz2
import lzma
import warnings
import zlib
from collections.abc import Callable

from chalicelib.products.collector import paused
from chalicelib.products.errors import Unreadable
from chalicelib.products.joblib import inert_pickle

MAX_FILE = 128_000_000
MAX_UNPACKED = 64_000_000
"""Of a compressed file that is small itself; a large one may unpack to `MAX_FILE`, but not to much more than it is."""

_MOST_TIMES = 2

_LZMA_MEMORY = 128_000_000
_CUT_OFF = "The joblib file is cut off."


def load(data: bytes) -> object:
    """Decode a joblib file; `plain` makes JSON of what it returns.

    Raises
    ------
    Unreadable
        It is damaged, compressed in a way that is not supported, too large, or refers to something outside of itself.
    """
    unpacked = _unpack(data)
    try:
        # what is read is kept, or let go one by one; strings of protocol 0 may hold odd escapes
        with paused(), warnings.catch_warnings(action="ignore"):
            return inert_pickle.load(unpacked)
    except _DAMAGE as error:
        raise Unreadable(f"The joblib file is damaged: {str(error)[:200] or type(error).__name__}.") from error


def _unpack(data: bytes) -> bytes:
    """Undo joblib's compression, which it tells by the first bytes as we do."""
    for prefix, unpack in _FORMATS.items():
        if data.startswith(prefix):
            most = min(MAX_FILE, max(MAX_UNPACKED, _MOST_TIMES * len(data)))
            unpacked = unpack(data, most)
            break
    else:
        most, unpacked = MAX_FILE, data
    if len(unpacked) > most:
        raise Unreadable(f"The joblib file is larger than {most // 1_000_000} MB unpacked.")
    return unpacked


def _zlib(data: bytes, most: int) -> bytes:
    unpacker = zlib.decompressobj(zlib.MAX_WBITS + 32)  # with a zlib or a gzip header
    try:
        unpacked = unpacker.decompress(data, most + 1)
    except zlib.error as error:
        raise Unreadable(f"The compressed joblib file is damaged: {error}.") from error
    if not unpacker.eof and len(unpacked) <= most:
        raise Unreadable(_CUT_OFF)
    return unpacked


def _bz2(data: bytes, most: int) -> bytes:
    return _incremental(bz2.BZ2Decompressor(), data, most)


def _lzma(data: bytes, most: int) -> bytes:
    return _incremental(lzma.LZMADecompressor(memlimit=_LZMA_MEMORY), data, most)


def _incremental(unpacker: bz2.BZ2Decompressor | lzma.LZMADecompressor, data: bytes, most: int) -> bytes:
    try:
        unpacked = unpacker.decompress(data, most + 1)
    except (OSError, lzma.LZMAError, MemoryError) as error:
        raise Unreadable(f"The compressed joblib file is damaged: {error}.") from error
    if not unpacker.eof and len(unpacked) <= most:
        raise Unreadable(_CUT_OFF)
    return unpacked


def _lz4(_: bytes, _most: int) -> bytes:
    raise Unreadable("joblib files compressed with lz4 are not supported; use zlib, gzip, bz2, lzma or xz.")


def _old(_: bytes, _most: int) -> bytes:
    raise Unreadable("joblib files written before joblib 0.10 are not supported.")


_FORMATS: dict[bytes, Callable[[bytes, int], bytes]] = {
    b"\x78": _zlib,
    b"\x1f\x8b": _zlib,
    b"BZ": _bz2,
    b"\x5d\x00": _lzma,
    b"\xfd7zXZ": _lzma,
    b"\x04\x22\x4d\x18": _lz4,
    b"ZF": _old,
}

_DAMAGE = (ValueError, TypeError, IndexError, OverflowError, AssertionError, MemoryError, RecursionError)
