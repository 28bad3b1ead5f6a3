"""Reads the body of a request as API Gateway would: with a length or in chunks, and never more than it carries."""

import re
from email.message import Message
from io import BufferedIOBase

from chalicelib.http.errors import ApiError, BadRequest
from chalicelib.http.reading import too_large

_LENGTH = re.compile(r"\d{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(;.*)?\r?\n")
_MOST_LINE_BYTES = 8192


class LengthRequired(ApiError):
    """A transfer encoding that cannot be read."""

    status = 411


def read_body(stream: BufferedIOBase, headers: Message, most: int) -> bytes:
    """Read the whole body.

    Raises
    ------
    TooLarge
        More than `most` bytes; the rest was not read.
    BadRequest
        A bad Content-Length, bad chunks, or a body that ends too early.
    LengthRequired
        A transfer encoding other than chunked.
    """
    encodings = headers.get_all("Transfer-Encoding", [])
    lengths = headers.get_all("Content-Length", [])
    if not encodings:
        return _exactly(stream, _length(lengths, most))
    if lengths:
        raise BadRequest("Content-Length and Transfer-Encoding exclude each other: send one of them.")
    if [encoding.strip().lower() for encoding in encodings] != ["chunked"]:
        raise LengthRequired("Only the transfer encoding 'chunked' is understood: send a Content-Length instead.")
    return _chunks(stream, most)


def _length(lengths: list[str], most: int) -> int:
    if not lengths:
        return 0
    if len(set(lengths)) > 1 or not _LENGTH.fullmatch(lengths[0].strip()):
        raise BadRequest("Bad Content-Length: it must be the number of bytes in the body.")
    length = int(lengths[0])
    _check(length, most)
    return length


def _chunks(stream: BufferedIOBase, most: int) -> bytes:
    body = bytearray()
    while True:
        match = _CHUNK_SIZE.fullmatch(stream.readline(_MOST_LINE_BYTES))
        if match is None:
            raise BadRequest("The body is not in chunks as its Transfer-Encoding says.")
        size = int(match[1], 16)
        if size == 0:
            break
        _check(len(body) + size, most)
        body += _exactly(stream, size)
        _end_of_line(stream)
    while stream.readline(_MOST_LINE_BYTES) not in {b"\r\n", b"\n", b""}:
        pass  # trailers are not used
    return bytes(body)


def _end_of_line(stream: BufferedIOBase) -> None:
    if stream.readline(2) not in {b"\r\n", b"\n"}:
        raise BadRequest("A chunk of the body is longer than it says.")


def _exactly(stream: BufferedIOBase, count: int) -> bytes:
    content = stream.read(count)
    if len(content) < count:
        raise BadRequest("The body ended before its stated length.")
    return content


def _check(length: int, most: int) -> None:
    if length > most:
        raise too_large(f"more than {most}")
