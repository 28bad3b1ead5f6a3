"""Reads the head of an ordinary request at once: http.server hands it to the parser of mails, line by line."""

import re
from http.client import HTTPMessage
from io import BufferedReader
from typing import NamedTuple

_FIRST_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) (/(?!/)[!-~]*) HTTP/1\.1\r\n")
_HEADER = re.compile(rb"([A-Za-z0-9_-]+):[ \t]*([!-~](?:[ -~]*[!-~])?)?")
_END = b"\r\n\r\n"
_MOST_HEADERS = 100


class RequestHead(NamedTuple):
    """What is asked, and how."""

    method: str
    path: str
    headers: HTTPMessage


def quick_head(first_line: bytes, stream: BufferedReader) -> RequestHead | None:
    """Return the head whose first line was read; None, and nothing more read from the stream, if it is unusual.

    Usual is a request of HTTP/1.1 whose headers have come, each on a line of ASCII, without `Expect`.
    """
    asked = _FIRST_LINE.fullmatch(first_line)
    if asked is None:
        return None
    waiting = stream.peek(1)
    end = waiting.find(_END)
    lines = waiting[:end].split(b"\r\n", _MOST_HEADERS) if end > 0 else []
    found = [_HEADER.fullmatch(line) for line in lines]
    if not found or len(found) > _MOST_HEADERS or None in found:
        return None
    headers = HTTPMessage()
    for one in found:
        name, value = one.groups(b"")  # type: ignore[union-attr]  # none of them is None
        headers[name.decode()] = value.decode()
    if "Expect" in headers:
        return None
    stream.read(end + len(_END))
    return RequestHead(asked[1].decode(), asked[2].decode(), headers)
