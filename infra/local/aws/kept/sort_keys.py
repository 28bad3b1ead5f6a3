"""Keys as bytes that sort as DynamoDB sorts them, so that SQLite can look for them and put them in order."""

from decimal import Decimal
from typing import Any

_ZERO, _POSITIVE, _NEGATIVE = b"\x80", b"\x81", b"\x7f"
_EXPONENT_OFFSET = 0x8000
_COMPLEMENT = bytes.maketrans(b"0123456789", b"9876543210")
AFTER = b"\xff"
"""Follows everything that begins the same: no byte of UTF-8 is as large."""


def sort_key(value: Any) -> bytes:
    """Return the bytes of a key, a `DynamoType` of text, number or bytes; of None, where there is no such key, none."""
    if value is None:
        return b""
    if value.type == "N":
        return _number(Decimal(value.value))
    content = value.value
    return content if isinstance(content, bytes) else content.encode(errors="surrogatepass")


def _number(number: Decimal) -> bytes:
    """Write sign, exponent and digits; those of negative numbers the other way round."""
    if not number:
        return _ZERO
    sign, digits, _ = number.as_tuple()
    exponent = number.adjusted() + _EXPONENT_OFFSET
    text = bytes(48 + digit for digit in digits).rstrip(b"0")
    if not sign:
        return _POSITIVE + exponent.to_bytes(2, "big") + text
    return _NEGATIVE + (0xFFFF - exponent).to_bytes(2, "big") + text.translate(_COMPLEMENT) + AFTER
