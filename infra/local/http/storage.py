"""Lets signed URLs and forms through to the bucket of the embedded AWS, under the public URL, and nothing else.

The embedded AWS listens on this machine alone and believes whoever asks; who comes through here must show a signature.
"""

import hmac
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedIOBase
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from chalicelib.http.errors import BadRequest, Forbidden, GatewayTimeout, MethodNotAllowed, TooLarge
from chalicelib.settings import settings
from infra.local.aws.account import REGION
from infra.local.http.body import LengthRequired

_SECONDS = 120.0
_PIECE = 1 << 20
_MOST_FIELDS_BYTES = 1 << 20
_ASKED = ("Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since")
_ANSWERED = (
    "Content-Type", "Content-Length", "Content-Encoding", "Content-Disposition", "Content-Range", "Accept-Ranges",
    "ETag", "Last-Modified",
)  # fmt: skip


class Storage:
    """The bucket, as callers and services reach it.

    Parameters
    ----------
    url : str
        The public URL, to which a proxy leads; it may have a path, which the proxy takes off.
    endpoint : str
        The embedded AWS.
    bucket : str
        Its name.
    credentials : Credentials
        What URLs are signed with.
    """

    def __init__(self, url: str, endpoint: str, bucket: str, credentials: Credentials) -> None:
        self._url, self._endpoint, self._path = url, urlsplit(endpoint), f"/{bucket}"
        self._auth = S3SigV4QueryAuth(credentials, "s3", REGION)

    @classmethod
    def of_environment(cls) -> "Storage | None":
        """Return the storage that the environment names, or None if the bucket is reached elsewhere."""
        url = settings().bucket_url
        if url is None or url != settings().public_url:
            return None
        credentials = Credentials(os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"])
        return cls(url, os.environ["AWS_ENDPOINT_URL"], settings().bucket, credentials)

    def holds(self, path: str) -> bool:
        """Say whether a request is about the bucket, by its path with the query."""
        return path == self._path or path.startswith((f"{self._path}/", f"{self._path}?"))

    @contextmanager
    def ask(self, method: str, path: str, headers: Message, body: BufferedIOBase) -> Iterator[HTTPResponse]:
        """Hand a signed request on and yield the answer, which can be read in here.

        Raises
        ------
        ApiError
            It is not signed, is none that is handed on, or the embedded AWS does not answer.
        """
        passed = {}
        if method in {"GET", "HEAD"}:
            self._check(method, path)
            passed = {name: headers[name] for name in _ASKED if name in headers}
        elif method == "POST" and path.rstrip("/") == self._path:  # a form carries its signature, which S3 verifies
            passed = _form_headers(headers)
        else:
            raise MethodNotAllowed("Signed addresses are read, and forms posted to the bucket: nothing else is done.")
        connection = HTTPConnection(str(self._endpoint.hostname), self._endpoint.port, timeout=_SECONDS)
        with closing(connection):
            try:
                connection.request(method, path, _pieces(body, int(passed.get("Content-Length", 0))), passed)
                answer = connection.getresponse()
            except (OSError, HTTPException) as error:
                raise GatewayTimeout(f"The storage did not answer ({type(error).__name__}): try again.") from None
            with answer:
                yield answer

    def _check(self, method: str, path: str) -> None:
        """Verify the signature of a URL, version 4 in the query; the time is looked at where it leads."""
        place, _, query = path.partition("?")
        found = dict(parse_qsl(query, keep_blank_values=True))
        signed = "&".join(part for part in query.split("&") if not part.startswith("X-Amz-Signature="))
        request = AWSRequest(method, f"{self._url}{place}?{signed}", {"host": urlsplit(self._url).netloc})
        request.context["timestamp"] = found.get("X-Amz-Date", "")
        text = self._auth.string_to_sign(request, self._auth.canonical_request(request))
        expected = self._auth.signature(text, request)
        given = found.get("X-Amz-Signature", "")
        if not path.isascii() or not given.isascii() or not hmac.compare_digest(expected, given):
            raise Forbidden("This address is not signed for: ask for a new one.")


def _form_headers(headers: Message) -> dict[str, str]:
    kind, length = headers.get("Content-Type", ""), headers.get("Content-Length", "")
    if not kind.lower().startswith("multipart/form-data"):
        raise BadRequest("A form is sent as multipart/form-data.")
    if not length.isdecimal() or not length.isascii() or "Transfer-Encoding" in headers:
        raise LengthRequired("A form is sent with a Content-Length.")
    most = settings().max_upload_bytes + _MOST_FIELDS_BYTES
    if int(length) > most:
        raise TooLarge(f"At most {most} bytes are taken.")
    return {"Content-Type": kind, "Content-Length": length}


def _pieces(body: BufferedIOBase, length: int) -> Iterator[bytes] | None:
    """Yield a body as it comes; None if there is none."""
    return _read(body, length) if length else None


def _read(body: BufferedIOBase, length: int) -> Iterator[bytes]:
    while length:
        piece = body.read(min(length, _PIECE))
        if not piece:
            raise ConnectionAbortedError
        length -= len(piece)
        yield piece


def headers_of(answer: HTTPResponse) -> dict[str, Any]:
    """Return what of an answer's headers is for the client."""
    return {name: answer.headers[name] for name in _ANSWERED if name in answer.headers}


def pieces_of(answer: HTTPResponse) -> Iterator[bytes]:
    """Yield the content of an answer."""
    while piece := answer.read(_PIECE):
        yield piece
