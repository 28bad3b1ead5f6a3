"""Base64 as services send it: strict alphabet, bounded size, with or without a data URL's prefix and line breaks."""

import base64
import binascii
import re

from chalicelib.products.errors import Unreadable
from chalicelib.products.scratch import FilePart, new_file

_DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,", re.ASCII)
_LONGEST_PREFIX = 300
_LINE_BREAKS = str.maketrans("", "", " \t\r\n")
_WHITE = b" \t\r\n"
_INVALID = "The data is not valid base64."


def decode(text: object, limit: int) -> bytes:
    """Decode base64 text to at most `limit` bytes, which are held in memory.

    Raises
    ------
    Unreadable
        It is not text, not base64, or longer than allowed.
    """
    if isinstance(text, FilePart):
        if len(text) // 4 * 3 > 2 * limit:  # line breaks make it longer, but not that much
            raise _too_large(limit)
        return _decoded(text, limit).read()
    if not isinstance(text, str):
        raise Unreadable("The data is missing or is not text.")
    prefix = _DATA_URL.match(text[:_LONGEST_PREFIX])
    encoded = (text[prefix.end() :] if prefix else text).translate(_LINE_BREAKS)
    if len(encoded) // 4 * 3 > limit + 2:
        raise _too_large(limit)
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(_INVALID) from error


def decode_large(text: object, limit: int) -> bytes | FilePart:
    """Decode base64 text, to a file if the text is in one; raises Unreadable as `decode` does."""
    return _decoded(text, limit) if isinstance(text, FilePart) else decode(text, limit)


def _decoded(text: FilePart, limit: int) -> FilePart:
    """Decode piece by piece."""
    prefix = _DATA_URL.match(text.head(_LONGEST_PREFIX).decode("latin-1"))
    start = prefix.end() if prefix else 0
    text = FilePart(text.file, text.offset + start, text.size - start)
    file, size, left, is_over = new_file(), 0, b"", False
    for piece in text.pieces():
        encoded = left + piece.translate(None, _WHITE)
        whole = len(encoded) // 4 * 4
        left = encoded[whole:]
        if whole and is_over:
            raise Unreadable(_INVALID)
        content = _binary(encoded[:whole])
        is_over = encoded[:whole].endswith(b"=")
        size += len(content)
        if size > limit:
            raise _too_large(limit)
        file.write(content)
    if left:
        raise Unreadable(_INVALID)
    return FilePart(file, 0, size)


def _binary(encoded: bytes) -> bytes:
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(_INVALID) from error


def _too_large(limit: int) -> Unreadable:
    return Unreadable(f"The data is larger than {limit // 1_000_000} MB.")


def declared_type(text: object) -> str | None:
    """Return the media type in a data URL's prefix, None for plain base64."""
    head = text.head(_LONGEST_PREFIX).decode("latin-1") if isinstance(text, FilePart) else text
    prefix = _DATA_URL.match(head[:_LONGEST_PREFIX]) if isinstance(head, str) else None
    return prefix["type"] if prefix else None
