"""Bytes as pickles spell them: protocols 0 to 2 have no opcode for them and wrap Latin-1 text in calls."""

from chalicelib.products.errors import Damaged
from chalicelib.products.joblib.inert_values import Call

_ENCODE = ("_codecs", "encode")
_CLASSES = frozenset({("builtins", "bytes"), ("builtins", "bytearray")})
_LATIN_1 = ("latin1", "latin-1")

BYTES_RECORDS = (_ENCODE, *sorted(_CLASSES))


def bytes_of(value: object) -> bytes:
    """Read bytes, a bytearray, or a record of either; raises ValueError for anything else."""
    if isinstance(value, Call) and value.key in _CLASSES:
        if not value.arguments:
            return b""
        first, *encoding = value.arguments
        return _latin_1(first, encoding) if encoding else _unwrapped(first)
    return _unwrapped(value)


def _unwrapped(value: object) -> bytes:
    if isinstance(value, bytes | bytearray):
        return bytes(value)
    if isinstance(value, Call) and value.key == _ENCODE:
        text, *encoding = value.arguments
        return _latin_1(text, encoding)
    raise Damaged("not bytes")


def _latin_1(text: object, encoding: list[object]) -> bytes:
    if not isinstance(text, str) or len(encoding) != 1 or encoding[0] not in _LATIN_1:
        raise Damaged("not Latin-1 text")
    return text.encode("latin-1")
