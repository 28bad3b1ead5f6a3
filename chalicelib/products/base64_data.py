"""Base64 as services send it: strict alphabet, bounded size, with or without a data URL's prefix and line breaks."""

import base64
import binascii
import re

from chalicelib.products.errors import Unreadable

_DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)?(?:;[\w.+-]+=[^;,]*)*;base64,", re.ASCII)
_LONGEST_PREFIX = 300
_LINE_BREAKS = str.maketrans("", "", " \t\r\n")


def decode(text: object, limit: int) -> bytes:
    """Decode base64 text to at most `limit` bytes.

    Raises
    ------
    Unreadable
        It is not text, not base64, or longer than allowed.
    """
    if not isinstance(text, str):
        raise Unreadable("The data is missing or is not text.")
    prefix = _DATA_URL.match(text[:_LONGEST_PREFIX])
    encoded = (text[prefix.end() :] if prefix else text).translate(_LINE_BREAKS)
    if len(encoded) // 4 * 3 > limit + 2:
        raise Unreadable(f"The data is larger than {limit // 1_000_000} MB.")
    try:
        return base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable("The data is not valid base64.") from error


def declared_type(text: object) -> str | None:
    """Return the media type in a data URL's prefix, None for plain base64."""
    prefix = _DATA_URL.match(text[:_LONGEST_PREFIX]) if isinstance(text, str) else None
    return prefix["type"] if prefix else None
