"""Answers what is asked of S3's objects all the time straight from moto's operations, past Flask.

Whole objects, by their key in a bucket that has no policy, with no condition, version, range or checksum: all else
takes the long way, and so does what is refused, for nothing has changed then.
"""

import io
import uuid
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from moto.s3.exceptions import S3ClientError
from moto.s3.models import s3_backends
from moto.s3.responses import S3Response

from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.limits import signed

Environ = dict[str, Any]
WsgiApp = Callable[[Environ, Any], Iterable[bytes]]

_COPY_SOURCE = "HTTP_X_AMZ_COPY_SOURCE"
_USUAL = frozenset(
    {
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_ENCODING",
        "HTTP_AMZ_SDK_INVOCATION_ID",
        "HTTP_AMZ_SDK_REQUEST",
        "HTTP_AUTHORIZATION",
        "HTTP_CONNECTION",
        "HTTP_CONTENT_LENGTH",
        "HTTP_CONTENT_TYPE",
        "HTTP_EXPECT",
        "HTTP_HOST",
        "HTTP_USER_AGENT",
        "HTTP_X_AMZ_CONTENT_SHA256",
        "HTTP_X_AMZ_DATE",
        _COPY_SOURCE,
    }
)
"""Headers that change nothing of what is stored or answered but in the ways known here."""
_OF_SIGNATURES = ("X-Amz-", "response-content-")
_STREAMED = "STREAMING"
_LOCAL = ("127.0.0.1", "localhost")
"""Hosts below which buckets are the first part of the path."""


class _BrokenOff(Exception):
    """The client went away before it had sent everything."""


class _Place(NamedTuple):
    bucket: str
    key: str
    query: dict[str, list[str]]


class _Handler(S3Response):  # type: ignore[misc]  # moto has no types
    """moto's, of a request that was understood already."""

    def __init__(self, environ: Environ, place: _Place, body: bytes) -> None:
        super().__init__()
        self.bucket_name, self._key = place.bucket, place.key
        self.current_account, self.region, self.partition = ACCOUNT_ID, REGION, "aws"
        self.querystring: dict[str, Any] = place.query
        self.data: dict[str, Any] = {}
        self.uri_match: dict[str, Any] = {}
        self.body = self.raw_body = body
        self.headers = {"host": environ["HTTP_HOST"]}
        self.response_headers = {"server": "amazon.com"}
        if environ.get("CONTENT_TYPE"):
            self.headers["Content-Type"] = environ["CONTENT_TYPE"]
        if _COPY_SOURCE in environ:
            self.headers["x-amz-copy-source"] = environ[_COPY_SOURCE]

    def parse_key_name(self) -> str:
        """Return the key, which is known."""
        return self._key  # as it is in the path

    def _get_param(self, param_name: str, if_none: Any = None) -> Any:  # noqa: ANN401 - moto's
        return self.querystring.get(param_name, [if_none])[0]

    def _get_action(self) -> str:
        return str(self.data.get("Action", ""))

    def answer(self, method: str) -> Any:  # noqa: ANN401 - moto's
        """Do what is asked and return status, headers and content."""
        if method == "HEAD":
            return self.head_object(self.bucket_name, self.querystring, self._key, self.headers)
        if method == "PUT":
            return self.copy_object() if "x-amz-copy-source" in self.headers else self.put_object()
        return self.get_object() if method == "GET" else self.delete_object()


def straight_objects(app: WsgiApp) -> WsgiApp:
    """Let an application be asked only for what is not answered here."""

    def serve(environ: Environ, start_response: Any) -> Iterable[bytes]:  # noqa: ANN401 - WSGI
        place = _place(environ)
        if place is None:
            return app(environ, start_response)
        length = int(environ["CONTENT_LENGTH"]) if environ["REQUEST_METHOD"] == "PUT" else 0
        body = environ["wsgi.input"].read(length) if length else b""
        try:
            status, headers, content = _answer(environ, place, body, length)
        except (S3ClientError, signed.Refused, _BrokenOff, KeyError, ValueError):
            return app({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
        named = [*headers.items(), ("x-amz-request-id", uuid.uuid4().hex)]
        start_response(f"{int(status)} Answered", [(name, str(value)) for name, value in named])
        written = content.encode() if isinstance(content, str) else content
        return [] if environ["REQUEST_METHOD"] == "HEAD" or not written else [written]

    return serve


def _answer(environ: Environ, place: _Place, body: bytes, length: int) -> Any:  # noqa: ANN401 - moto's
    if len(body) < length:
        raise _BrokenOff
    if place.query:
        signed.check_url({name: values[0] for name, values in place.query.items()}, datetime.now(UTC))
    return _Handler(environ, place, body).answer(environ["REQUEST_METHOD"])


def _place(environ: Environ) -> _Place | None:
    """Return whose object is meant, if nothing about the request is unusual."""
    bucket, _, key = str(environ["PATH_INFO"]).lstrip("/").partition("/")
    query = parse_qs(environ["QUERY_STRING"], keep_blank_values=True) if environ["QUERY_STRING"] else {}
    there = s3_backends[ACCOUNT_ID]["aws"].buckets.get(bucket)
    is_usual = (
        bool(key)
        and key.isascii()
        and there is not None
        and not (there.policy or there.object_lock_enabled)
        and environ.get("HTTP_HOST", "").startswith(_LOCAL)
        and all(name in _USUAL for name in environ if name.startswith("HTTP_"))
        and not environ.get("HTTP_X_AMZ_CONTENT_SHA256", "").startswith(_STREAMED)
        and _is_asked(environ["REQUEST_METHOD"], environ, query)
    )
    return _Place(bucket, key, query) if is_usual else None


def _is_asked(method: str, environ: Environ, query: dict[str, list[str]]) -> bool:
    """Say whether one of the operations is meant: signed in its head, or a reading by its URL."""
    if query:
        return (
            method in {"GET", "HEAD"}
            and "X-Amz-Signature" in query
            and "HTTP_AUTHORIZATION" not in environ
            and all(name.startswith(_OF_SIGNATURES) for name in query)
        )
    if f"/{REGION}/s3/aws4_request" not in environ.get("HTTP_AUTHORIZATION", ""):
        return False
    if method == "PUT":
        return str(environ.get("CONTENT_LENGTH", "")).isdecimal()
    return method in {"GET", "HEAD", "DELETE"} and _COPY_SOURCE not in environ
