"""Signed URLs in, signed forms out: the only way in which this function reads and writes."""

import http.client
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
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

TIMEOUT = 30  # seconds without a byte
ATTEMPTS = 2
_SERVER_ERROR = 500
_MAX_ANSWER = 65_536


class TransferError(Exception):
    """The store cannot be reached, or does not hand out what it was asked for."""


@dataclass(frozen=True)
class Store:
    """A presigned S3 POST form that accepts any key beginning with `prefix`."""

    url: str
    fields: Mapping[str, str]
    prefix: str


def fetch(url: str, limit: int) -> bytes:
    """GET a signed URL.

    Raises
    ------
    TransferError
        It cannot be had.
    Unreadable
        It is larger than `limit` bytes.
    """
    try:
        data = _exchange(Request(url), limit + 1)  # noqa: S310 - the opener below speaks HTTP only
    except HTTPError as error:
        raise TransferError(f"The document cannot be fetched: HTTP {error.code}.") from error
    if len(data) > limit:
        raise Unreadable(f"The document is larger than {limit // 1_000_000} MB.")
    return data


def save(store: Store, file: str, content_type: str, data: bytes) -> str:
    """POST one object to the store and return its key.

    Raises
    ------
    Refused
        The store answered 4xx for this object.
    TransferError
        The store cannot be reached.
    """
    key = store.prefix + file
    boundary = secrets.token_hex(16)
    body = _form({**store.fields, "key": key, "Content-Type": content_type}, data, boundary)
    headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        _exchange(Request(store.url, data=body, headers=headers, method="POST"), _MAX_ANSWER)  # noqa: S310 - as above
    except HTTPError as error:
        raise Refused(f"The store refused it: HTTP {error.code}.") from error
    return key


def _form(fields: Mapping[str, str], data: bytes, boundary: str) -> bytes:
    """Encode multipart/form-data (RFC 7578); S3 wants the file as the last part."""
    parts = [_part(boundary, f'name="{name}"', value.encode()) for name, value in fields.items()]
    file = _part(boundary, 'name="file"; filename="file"', data)
    return b"".join([*parts, file, f"--{boundary}--\r\n".encode()])


def _part(boundary: str, disposition: str, value: bytes) -> bytes:
    return b"".join([f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode(), value, b"\r\n"])


def _exchange(request: Request, limit: int) -> bytes:
    """Send a request, a second time if the connection or the server failed; raise HTTPError for a 4xx answer."""
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            return _send(request, limit)
        except HTTPError as error:
            error.close()
            if error.code < _SERVER_ERROR:
                raise
            failure = error
        except (URLError, OSError, http.client.HTTPException) as error:
            failure = error
    raise TransferError(f"The store cannot be reached: {failure}.") from failure


def _send(request: Request, limit: int) -> bytes:
    response = _opener().open(request, timeout=TIMEOUT)
    if response is None:
        raise TransferError(f"Only http and https are spoken here, not {request.type}.")
    with response:
        data: bytes = response.read(limit)
        if response.length and len(data) < limit:
            raise http.client.IncompleteRead(data, response.length)
        return data


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
