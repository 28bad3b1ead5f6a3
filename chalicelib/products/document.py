"""The document that a service posted: gzip-compressed JSON, unpacked within a limit."""

import json
import zlib

from chalicelib.products.errors import Unreadable

MAX_COMPRESSED = 100_000_000
MAX_UNPACKED = 200_000_000

_GZIP = 16 + zlib.MAX_WBITS


def read_document(compressed: bytes, member: str | None = None) -> dict[str, object]:
    """Unpack and parse a document; bare NaN and infinities are accepted.

    Parameters
    ----------
    compressed : bytes
        Gzip-compressed JSON.
    member : str, optional
        Which member of the document is meant, if not all of it; one that is missing or no object is empty.

    Raises
    ------
    Unreadable
        It is not gzip, larger than 200 MB unpacked, not JSON, or not an object.
    """
    try:
        document = json.loads(_gunzip(compressed))
    except RecursionError as error:
        raise Unreadable("The document is nested too deeply.") from error
    except ValueError as error:
        raise Unreadable(f"The document is not valid JSON: {error}.") from error
    if not isinstance(document, dict):
        raise Unreadable("The document is not a JSON object.")
    if member is None:
        return document
    inner = document.get(member)
    return inner if isinstance(inner, dict) else {}


def _gunzip(compressed: bytes) -> bytes:
    unpacker = zlib.decompressobj(_GZIP)
    try:
        data = unpacker.decompress(compressed, MAX_UNPACKED + 1)
    except zlib.error as error:
        raise Unreadable("The document is not gzip-compressed.") from error
    if len(data) > MAX_UNPACKED:
        raise Unreadable(f"The document is larger than {MAX_UNPACKED // 1_000_000} MB unpacked.")
    if not unpacker.eof:
        raise Unreadable("The document is cut off.")
    return data
