"""JSON on its way to an incremental parser, which would hold every text whole: long ones are put into a file instead.

What JSON has not and services send all the same, and what the parser (yajl) does not take, is replaced on the way: bare
NaN and infinities, floats beyond the range of doubles and halves of surrogate pairs. Nothing is parsed here but where a
text begins and ends.
"""

import json
import math
import re
import secrets
import string
from collections.abc import Iterator

from chalicelib.products.errors import Unreadable
from chalicelib.products.scratch import FilePart, new_file

MOST_SHORT = 1 << 18
"""Bytes of a text that is handed to the parser whole."""

_MOST_TOKEN = 5000
_MOST_DIGITS = 4000

_INSIDE = re.compile(rb'[^"\\]*+(?:\\.[^"\\]*+)*+', re.DOTALL)
"""Runs up to the quote that ends a text, or to the end of what is there."""

_TOKEN = (string.ascii_letters + string.digits + "+-.").encode()
_ALIKE = bytes.maketrans(b"123456789E", b"000000000e")
_SUSPECT = (b"N", b"I", b"0" * 19, b"e000", b"e+000")
_ODD = re.compile(rb"(?<![\d.eE+-])-?(?:NaN|Infinity|\d{19,}+(?![.eE])|\d++(?:\.\d++)?[eE]\+?\d{3,}+)")
_LARGEST = 2**63

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_HIGH_AT_END = re.compile(rb"\\u[dD][89abAB][\da-fA-F]{2}\Z")
_LONGEST_ESCAPE = 12
_ESCAPE = re.compile(rb"\\(?:u[\da-fA-F]{4}(?:\\u[dD][c-fC-F][\da-fA-F]{2})?|.)", re.DOTALL)
_SIMPLE = ((b"\\n", b"\n"), (b"\\r", b"\r"), (b"\\t", b"\t"), (b"\\/", b"/"), (b'\\"', b'"'))


class LongTexts:
    """A readable stream of JSON, for ijson.

    Parameters
    ----------
    chunks
        The JSON text, UTF-8, cut anywhere.

    Attributes
    ----------
    is_wanted
        Whether a long text that begins now is kept; what is not kept is empty. The parser has handed out everything
        before the text when its first byte is read.
    """

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._file = new_file()
        self._size = 0
        self._mark = secrets.token_hex(16)
        self._pieces = self._shortened()
        self.is_wanted = True

    def read(self, size: int = -1) -> bytes:
        """Return some bytes of JSON, none at the end; ijson asks for none first, to learn the type."""
        return next(filter(None, self._pieces), b"") if size else b""

    def value(self, text: str) -> str | int | FilePart:
        """Return what a text of the shortened stream stands for."""
        if not text.startswith(self._mark):
            return text
        kind, _, rest = text[len(self._mark) :].partition(":")
        if kind == "integer":
            return int(rest)
        offset, _, size = rest.partition(":")
        return FilePart(self._file, int(offset), int(size))

    def _shortened(self) -> Iterator[bytes]:
        rest = b""
        for chunk in self._chunks:
            buffer, position = rest + chunk, 0
            out: list[bytes] = []
            while (quote := buffer.find(b'"', position)) >= 0:
                out.append(self._outside(buffer[position:quote]))
                end = _end(buffer, quote + 1)
                if end < 0:
                    yield b"".join(out)  # so that the parser has told where the text stands
                    literal, buffer = self._across(buffer[quote + 1 :])
                    out, position = [literal], 0
                else:
                    out.append(_literal(buffer[quote : end + 1]))
                    position = end + 1
            whole = position + len(buffer[position:].rstrip(_TOKEN))
            rest = buffer[whole:]
            if len(rest) > _MOST_TOKEN:
                raise Unreadable("The document is not valid JSON: a number or name is too long.")
            out.append(self._outside(buffer[position:whole]))
            yield b"".join(out)
        yield self._outside(rest)

    def _outside(self, text: bytes) -> bytes:
        """Replace what the parser does not take between texts."""
        alike = text.translate(_ALIKE)
        return _ODD.sub(self._number, text) if any(suspect in alike for suspect in _SUSPECT) else text

    def _number(self, match: re.Match[bytes]) -> bytes:
        token = match[0]
        if not token.removeprefix(b"-").isdigit():
            is_number = token[-1:].isdigit() and math.isfinite(float(token))
            return token if is_number else b"null"
        if len(token) > _MOST_DIGITS:
            raise Unreadable("The document is not valid JSON: an integer has too many digits.")
        if -_LARGEST <= int(token) < _LARGEST:
            return token
        return b'"%sinteger:%s"' % (self._mark.encode(), token)

    def _across(self, start: bytes) -> tuple[bytes, bytes]:
        """Read a text that goes on in other chunks; return what stands for it, and what follows it."""
        pending = start
        for chunk in self._chunks:
            pending += chunk
            end = _end(pending, 0)
            if end >= 0:
                return _literal(b'"' + pending[: end + 1]), pending[end + 1 :]
            if len(pending) > MOST_SHORT:
                return self._long(pending)
        return b'"' + pending, b""  # the parser says that it is cut off

    def _long(self, pending: bytes) -> tuple[bytes, bytes]:
        offset, is_wanted = self._size, self.is_wanted
        while (end := _end(pending, 0)) < 0:
            cut = _whole_escapes(pending)
            if is_wanted:
                self._write(_unescaped(pending[:cut]))
            chunk = next(self._chunks, None)
            if chunk is None:
                return b'"', b""
            pending = pending[cut:] + chunk
        if not is_wanted:
            return b'""', pending[end + 1 :]
        self._write(_unescaped(pending[:end]))
        return b'"%stext:%d:%d"' % (self._mark.encode(), offset, self._size - offset), pending[end + 1 :]

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._size += len(content)


def _end(buffer: bytes, start: int) -> int:
    """Return where a text that begins at `start` ends: its quote, or -1 if that is not there."""
    quote = buffer.find(b'"', start)
    if quote > start and buffer[quote - 1] == ord("\\"):
        found = _INSIDE.match(buffer, start)
        quote = found.end() if found else -1
        return quote if buffer[quote : quote + 1] == b'"' else -1
    return quote


def _literal(text: bytes) -> bytes:
    """Return a text, in quotes, as the parser reads it rightly; it mistakes halves of surrogate pairs."""
    if not _SURROGATE.search(text):
        return text
    try:
        plain = json.loads(text).encode("utf-8", "replace").decode()
    except ValueError:
        return text  # the parser says what is wrong with it
    return json.dumps(plain, ensure_ascii=False).encode()


def _whole_escapes(text: bytes) -> int:
    """Return up to where a text can be cut so that no escape sequence is."""
    last = text.rfind(b"\\", max(0, len(text) - _LONGEST_ESCAPE))
    if last < 0:
        return len(text)
    run = last + 1 - len(text[: last + 1].rstrip(b"\\"))  # backslashes, of which two make one
    cut = last - (run - 1) % 2
    return cut - 6 if _HIGH_AT_END.search(text, max(0, cut - 6), cut) else cut


def _unescaped(text: bytes) -> bytes:
    if b"\\" not in text:
        return text
    if b"\\\\" not in text:
        for escape, character in _SIMPLE:
            text = text.replace(escape, character)
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[bytes]) -> bytes:
    try:
        text: str = json.loads(b'"%s"' % match[0])
    except ValueError:
        raise Unreadable("The document is not valid JSON: a text holds a bad escape.") from None
    return text.encode("utf-8", "replace")
