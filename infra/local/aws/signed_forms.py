"""Presigned S3 forms as S3 takes them: moto looks neither at their signature, nor at their conditions and expiry."""

import base64
import hmac
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from html import escape
from typing import IO, Any

from moto.s3.models import s3_backends
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import FormDataParser
from werkzeug.wrappers import Response

from infra.local.aws.account import ACCOUNT_ID, CREDENTIALS

Environ = dict[str, Any]
Form = Mapping[str, str]

_UNCONDITIONAL = frozenset({"policy", "x-amz-signature", "file"})
"""Fields that no condition has to name; so are those that begin with x-ignore-."""

_MOST_FIELD_BYTES = 1 << 20  # the parser counts what it has read of the file along
_IN_MEMORY = 1 << 20


class Refused(Exception):
    """S3 does not take the form."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def is_form(environ: Environ) -> bool:
    """Say whether a request posts a form to a bucket."""
    is_multipart = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    return environ["REQUEST_METHOD"] == "POST" and is_multipart and len(environ["PATH_INFO"].strip("/")) > 0


def take(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Store the file of a form, or answer why not."""
    with ExitStack() as spools:  # also of a form that breaks off

        def spool(*_: object, **__: object) -> IO[bytes]:
            return spools.enter_context(tempfile.SpooledTemporaryFile(_IN_MEMORY))

        try:
            _, values, files = FormDataParser(
                spool, max_form_memory_size=_MOST_FIELD_BYTES, silent=False
            ).parse_from_environ(environ)
            form = {name.lower(): value for name, value in values.items()}
            etag = _store(environ["PATH_INFO"].strip("/"), form, files.get("file"))
        except Refused as refusal:
            answer = _refused(refusal)
        except (HTTPException, ValueError):
            answer = _refused(Refused(400, "MalformedPOSTRequest", "The body is not multipart/form-data."))
        else:
            answer = Response(status=204, headers={"ETag": etag})
    content: Iterable[bytes] = answer(environ, start_response)
    return content


def _store(bucket: str, form: dict[str, str], file: FileStorage | None) -> str:
    """Store a file under the key of its form and return its ETag."""
    if file is None:
        raise Refused(400, "InvalidArgument", "POST requires exactly one file upload per request.")
    form["key"] = form.get("key", "").replace("${filename}", file.filename or "")
    check(form, bucket, file.stream.seek(0, os.SEEK_END), datetime.now(UTC))
    file.stream.seek(0)
    stored = s3_backends[ACCOUNT_ID]["aws"].put_object(bucket, form["key"], file.stream.read())
    stored.set_metadata({"Content-Type": form.get("content-type", "binary/octet-stream")})
    etag: str = stored.etag
    return etag


def check(form: Form, bucket: str, size: int, now: datetime) -> None:
    """Hold a form against its policy (AWS, "Creating a POST policy").

    Parameters
    ----------
    form : mapping
        The fields by their names in lower case.
    bucket : str
        Where it was posted.
    size : int
        Of the file in bytes.
    now : datetime
        With its time zone.

    Raises
    ------
    Refused
        Signature, expiry, a condition or the size do not hold.
    """
    if not form.get("policy"):
        raise Refused(403, "AccessDenied", "Access Denied")
    if not _is_signed(form):
        raise Refused(403, "SignatureDoesNotMatch", "The request signature does not match.")
    policy = json.loads(base64.b64decode(form["policy"]))
    if now >= datetime.fromisoformat(policy["expiration"]):
        raise _by_policy("Policy expired.")
    found = {**form, "bucket": bucket}
    named = set()
    for condition in policy["conditions"]:
        operator, name, wanted = _parts(condition)
        if operator == "content-length-range":
            _check_size(size, int(name), int(wanted))
            continue
        named.add(name)
        value = found.get(name, "")
        if not (value.startswith(wanted) if operator == "starts-with" else value == wanted):
            raise _by_policy(f"Policy Condition failed: {json.dumps(condition)}")
    extra = sorted(name for name in set(form) - named - _UNCONDITIONAL if not name.startswith("x-ignore-"))
    if extra:
        raise _by_policy(f"Extra input fields: {', '.join(extra)}")


def _parts(condition: Any) -> tuple[str, str, str]:  # noqa: ANN401 - JSON
    """Return operator, field in lower case and value; an object stands for equality."""
    if isinstance(condition, dict):
        [(name, value)] = condition.items()
        return "eq", name.lower(), value
    operator, name, value = condition
    return operator.lower(), str(name).removeprefix("$").lower(), value


def _check_size(size: int, least: int, most: int) -> None:
    if size > most:
        raise Refused(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed size")
    if size < least:
        raise Refused(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")


def _is_signed(form: Form) -> bool:
    """Verify the signature of version 4 by the account's secret."""
    secret = os.environ.get("AWS_SECRET_ACCESS_KEY", CREDENTIALS["AWS_SECRET_ACCESS_KEY"])
    _, *scope = form.get("x-amz-credential", "").split("/")
    key = f"AWS4{secret}".encode()
    for part in scope:
        key = hmac.digest(key, part.encode(), "sha256")
    expected = hmac.digest(key, form["policy"].encode(), "sha256").hex()
    return hmac.compare_digest(expected, form.get("x-amz-signature", ""))


def _by_policy(reason: str) -> Refused:
    return Refused(403, "AccessDenied", f"Invalid according to Policy: {reason}")


def _refused(refusal: Refused) -> Response:
    text = f"<Error><Code>{refusal.code}</Code><Message>{escape(refusal.message)}</Message></Error>"
    return Response(text, refusal.status, content_type="application/xml")
