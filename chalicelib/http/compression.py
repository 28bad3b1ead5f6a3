"""Content-Encoding: bodies that come compressed, unpacked no further than to a limit (RFC 9110, section 8.4)."""

import gzip
import io
import zlib

from chalicelib.http.errors import BadRequest, UnsupportedMediaType
from chalicelib.http.reading import too_large

_GZIP = frozenset({"gzip", "x-gzip"})
_DEFLATE = "deflate"
_NOT_PACKED = frozenset({"", "identity"})
_NOT_WHOLE = (EOFError, OSError, zlib.error)
"""What gzip and zlib raise on bytes that they cannot unpack, or not to the end."""


def unpacked(body: bytes, content_encoding: str | None, most: int) -> bytes:
    """Return a request's body as it was before it was compressed.

    Parameters
    ----------
    body : bytes
        As it came; an empty one needs no unpacking.
    content_encoding : str or None
        The header.
    most : int
        Bytes that the body may have afterwards; no more than that are unpacked.

    Raises
    ------
    UnsupportedMediaType
        Another encoding than gzip or deflate, or more than one.
    TooLarge
        There is more than `most` in it.
    BadRequest
        It is not what the header says.
    """
    encoding = encoding_of(content_encoding)
    if not body or encoding in _NOT_PACKED:
        return body
    if encoding not in _GZIP and encoding != _DEFLATE:
        raise UnsupportedMediaType(
            f"Content-Encoding {encoding[:50]!r} is not understood: send the body as gzip, deflate or as it is."
        )
    try:
        content = _gunzipped(body, most + 1) if encoding in _GZIP else _inflated(body, most + 1)
    except _NOT_WHOLE:
        raise BadRequest(f"The body is not {encoding}, as its Content-Encoding says, or not whole.") from None
    if len(content) > most:
        raise too_large(f"more than {most} unpacked")
    return content


def unpacked_head(head: bytes, content_encoding: str | None, most: int) -> bytes:
    """Return the beginning of what the beginning of an answer holds; nothing of an encoding that is not understood."""
    encoding = encoding_of(content_encoding)
    if encoding in _NOT_PACKED:
        return head[:most]
    content = b""
    try:
        if encoding in _GZIP:
            reader = gzip.GzipFile(fileobj=io.BytesIO(head))
            while len(content) < most and (part := reader.read1(most - len(content))):
                content += part
        elif encoding == _DEFLATE:
            content = _stream(head).decompress(head, most)
    except _NOT_WHOLE:
        return content
    return content


def encoding_of(content_encoding: str | None) -> str:
    """Return what is left of the header without `identity`: usually one word in lower case, or nothing."""
    words = (word.strip().lower() for word in (content_encoding or "").split(","))
    return ", ".join(word for word in words if word not in _NOT_PACKED)


def _gunzipped(body: bytes, most: int) -> bytes:
    """Unpack a stream of any number of members, in time proportional to what is read."""
    return gzip.GzipFile(fileobj=io.BytesIO(body)).read(most)


def _inflated(body: bytes, most: int) -> bytes:
    stream = _stream(body)
    content = stream.decompress(body, most)
    if not stream.eof and len(content) < most:
        raise EOFError
    return content


def _stream(body: bytes) -> "zlib._Decompress":
    """Return what unpacks deflate: in zlib's wrapping as the standard wants it, or bare as some clients send it."""
    is_wrapped = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2], "big") % 31 == 0
    return zlib.decompressobj() if is_wrapped else zlib.decompressobj(-zlib.MAX_WBITS)
