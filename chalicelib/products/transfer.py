"""Signed URLs in, signed forms out: the only way in which this function reads and writes."""

import http.client
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    Request,
)

from chalicelib.products.errors import Refused, Unreadable
from chalicelib.products.scratch import PIECE, FilePart, new_file

TIMEOUT = 30  # seconds without a byte
ATTEMPTS = 2
_SERVER_ERROR = 500
_MAX_ANSWER = 65_536

_AnswerT = TypeVar("_AnswerT")


class TransferError(Exception):
    """The store cannot be reached, or does not hand out what it was asked for."""


@dataclass(frozen=True)
class Store:
    """A presigned S3 POST form that accepts any key beginning with `prefix`."""

    url: str
    fields: Mapping[str, str]
    prefix: str


def fetch(url: str, limit: int) -> FilePart:
    """GET a signed URL into a scratch file.

    Raises
    ------
    TransferError
        It cannot be had.
    Unreadable
        It is larger than `limit` bytes.
    """
    try:
        data = _tried_twice(lambda: _receive(Request(url), limit))  # noqa: S310 - the opener below speaks HTTP only
    except HTTPError as error:
        raise TransferError(f"The document cannot be fetched: HTTP {error.code}.") from error
    if len(data) > limit:
        raise Unreadable(f"The document is larger than {limit // 1_000_000} MB.")
    return data


def save(store: Store, file: str, content_type: str, data: bytes | FilePart) -> str:
    """POST one object to the store, a file piece by piece, and return its key.

    Raises
    ------
    Refused
        The store answered 4xx for this object.
    TransferError
        The store cannot be reached.
    """
    key = store.prefix + file
    boundary = secrets.token_hex(16)
    before, after = _form({**store.fields, "key": key, "Content-Type": content_type}, boundary)
    headers = {
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Content-Length": str(len(before) + len(data) + len(after)),
    }

    def send() -> None:
        content = data.pieces() if isinstance(data, FilePart) else iter([data])
        body = chain([before], content, [after])
        _send(Request(store.url, data=body, headers=headers, method="POST"))  # noqa: S310 - as above

    try:
        _tried_twice(send)
    except HTTPError as error:
        raise Refused(f"The store refused it: HTTP {error.code}.") from error
    return key


def _form(fields: Mapping[str, str], boundary: str) -> tuple[bytes, bytes]:
    """Encode what stands before and after the file in multipart/form-data (RFC 7578); S3 wants the file last."""
    parts = [_head(boundary, f'name="{name}"') + value.encode() + b"\r\n" for name, value in fields.items()]
    return b"".join([*parts, _head(boundary, 'name="file"; filename="file"')]), f"\r\n--{boundary}--\r\n".encode()


def _head(boundary: str, disposition: str) -> bytes:
    return f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode()


def _tried_twice(exchange: Callable[[], _AnswerT]) -> _AnswerT:
    """Do it a second time if the connection or the server failed; raise HTTPError for a 4xx answer."""
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            return exchange()
        except HTTPError as error:
            error.close()
            if error.code < _SERVER_ERROR:
                raise
            failure = error
        except (URLError, OSError, http.client.HTTPException) as error:
            failure = error
    raise TransferError(f"The store cannot be reached: {failure}.") from failure


def _receive(request: Request, limit: int) -> FilePart:
    """Write an answer to a file, one byte more than `limit` at most."""
    file, size = new_file(), 0
    with _answer(request) as response:
        while size <= limit and (piece := response.read(min(PIECE, limit + 1 - size))):
            file.write(piece)
            size += len(piece)
        if response.length and size <= limit:
            raise http.client.IncompleteRead(b"", response.length)
    return FilePart(file, 0, size)


def _send(request: Request) -> None:
    with _answer(request) as response:
        response.read(_MAX_ANSWER)


def _answer(request: Request) -> http.client.HTTPResponse:
    response: http.client.HTTPResponse | None = _opener().open(request, timeout=TIMEOUT)
    if response is None:
        raise TransferError(f"Only http and https are spoken here, not {request.type}.")
    return response


class _SameScheme(HTTPRedirectHandler):
    """Follows a redirect (S3 sends one for a young bucket) unless it changes the scheme."""

    def redirect_request(self, req: Request, fp, code, msg, headers, newurl: str) -> Request | None:  # type: ignore[no-untyped-def]  # noqa: ANN001, PLR0913, PLR0917
        if urlsplit(newurl).scheme != urlsplit(req.full_url).scheme:
            raise TransferError("A redirect leads to another scheme.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener() -> OpenerDirector:
    """Make an opener that knows http and https, and neither files nor proxies."""
    opener = OpenerDirector()
    for handler in (HTTPHandler, HTTPSHandler, HTTPDefaultErrorHandler, HTTPErrorProcessor, _SameScheme):
        opener.add_handler(handler())
    return opener
