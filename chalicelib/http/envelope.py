"""The one shape of every JSON answer."""

from dataclasses import dataclass, field
from typing import Any

from chalicelib.http.encoding import json_bytes
from chalicelib.http.errors import ApiError
from chalicelib.settings import VERSION

SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole HTTP answer.

    A view returns one when plain data in a success envelope is not enough.
    """

    body: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def success(data: Any = None, headers: dict[str, str] | None = None) -> Reply:  # noqa: ANN401 - any JSON value
    """Wrap data; `None` becomes `{}`, NaN and infinities become null, times ISO 8601."""
    body = {"status": "success", "data": {} if data is None else data, "version": VERSION}
    return Reply(json_bytes(body), headers=headers or {})


def not_modified(etag: str, headers: dict[str, str] | None = None) -> Reply:
    """Say that what the caller has is still what there is."""
    return Reply(b"", status=304, headers={**(headers or {}), "ETag": etag})


def failure(error: ApiError) -> Reply:
    """Wrap a failure, with its status code."""
    body = {"status": "error", "message": error.message, "data": {}, "version": VERSION}
    headers = {} if error.retry_after is None else {"Retry-After": str(error.retry_after)}
    return Reply(json_bytes(body), status=error.status, headers=headers)


def see_other(url: str) -> Reply:
    """Send the caller to what came of a POST or a DELETE, to be read with GET."""
    return Reply(b"", status=303, headers={"Location": url})


def redirect(url: str) -> Reply:
    """Send the caller to a signed URL, for what is too large to answer."""
    return Reply(b"", status=307, headers={"Location": url})
