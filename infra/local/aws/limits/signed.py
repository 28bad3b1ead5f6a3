"""Signed forms and URLs of S3: held to what they were signed for, which moto does not look at.

What a form allows stands in its policy: until when, which key and fields, and how many bytes (API reference, "Creating
a POST policy"). Signatures are not compared, for any secret key is accepted here.
"""

import base64
import functools
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from http import HTTPStatus
from typing import Any

from moto.s3.responses import S3Response

_POLICY_FIELDS = frozenset({"policy", "file", "x-amz-signature", "awsaccesskeyid", "signature"})
"""Fields that no condition speaks of, those of both versions of signatures."""

_IGNORED = "x-ignore-"
_LONGEST_URL = timedelta(days=7)
_SIGNED_AT = "%Y%m%dT%H%M%SZ"

_post, _key = S3Response._bucket_response_post, S3Response._key_response  # noqa: SLF001 - moto offers no other

Answer = tuple[int, dict[str, str], str]


class Refused(Exception):
    """A request that was not signed for; `code` is S3's."""

    def __init__(self, code: str, message: str, status: HTTPStatus = HTTPStatus.FORBIDDEN) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status

    def answer(self) -> Answer:
        """Return the answer of S3."""
        body = f"<Error><Code>{self.code}</Code><Message>{escape(self.message)}</Message></Error>"
        return self.status, {"content-type": "application/xml"}, f'<?xml version="1.0" encoding="UTF-8"?>\n{body}'


def install() -> None:
    """Put the checks before moto's operations."""
    S3Response._bucket_response_post = _checked_post  # noqa: SLF001 - same
    S3Response._key_response = _checked_key  # noqa: SLF001 - same


@functools.wraps(_post)
def _checked_post(handler: Any, request: Any, bucket_name: str) -> Any:  # noqa: ANN401 - moto has no types
    if "Authorization" not in request.headers:
        try:
            check_form(dict(handler.form_data.items()), bucket_name, len(handler.body or b""), datetime.now(UTC))
        except Refused as refusal:
            return refusal.answer()
    return _post(handler, request, bucket_name)


@functools.wraps(_key)
def _checked_key(handler: Any, request: Any, full_url: str) -> Any:  # noqa: ANN401 - moto has no types
    try:
        check_url(dict(request.args.items()), datetime.now(UTC))
    except Refused as refusal:
        return refusal.answer()
    return _key(handler, request, full_url)


def check_url(query: Mapping[str, str], now: datetime) -> None:
    """Check a signed URL by its query.

    Raises
    ------
    Refused
        It has expired, or was signed for more than a week.
    """
    if "Signature" in query and now.timestamp() > int(query.get("Expires", "0")):
        raise Refused("AccessDenied", "Request has expired")
    if "X-Amz-Signature" not in query:
        return
    lifetime = timedelta(seconds=int(query["X-Amz-Expires"]))
    if not timedelta(0) <= lifetime <= _LONGEST_URL:
        raise Refused(
            "AuthorizationQueryParametersError",
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            f"{_LONGEST_URL.total_seconds():g} seconds",
            HTTPStatus.BAD_REQUEST,
        )
    if now > datetime.strptime(query["X-Amz-Date"], _SIGNED_AT).replace(tzinfo=UTC) + lifetime:
        raise Refused("AccessDenied", "Request has expired")


def check_form(form: Mapping[str, str], bucket: str, size: int, now: datetime) -> None:
    """Check the fields of a form with a file of so many bytes against the form's own policy.

    Raises
    ------
    Refused
        There is no policy, it has expired, or one of its conditions does not hold.
    """
    fields = {name.lower(): value for name, value in form.items()}
    if "policy" not in fields:
        raise Refused("AccessDenied", "Access Denied")
    policy = json.loads(base64.b64decode(fields["policy"]))
    if now > datetime.fromisoformat(policy["expiration"]):
        raise Refused("AccessDenied", "Invalid according to Policy: Policy expired.")
    given, named = {**fields, "bucket": bucket}, set()
    for condition in policy["conditions"]:
        kind, name, value = _read(condition)
        if kind == "content-length-range":
            _check_size(size, int(name), int(value))
            continue
        named.add(name)
        found = given.get(name, "")
        if not (found.startswith(value) if kind == "starts-with" else found == value):
            raise Refused(
                "AccessDenied", f"Invalid according to Policy: Policy Condition failed: {json.dumps(condition)}"
            )
    extra = sorted(name for name in fields.keys() - named - _POLICY_FIELDS if not name.startswith(_IGNORED))
    if extra:
        raise Refused("AccessDenied", f"Invalid according to Policy: Extra input fields: {extra[0]}")


def _read(condition: Any) -> tuple[str, str, str]:  # noqa: ANN401 - JSON
    """Return a condition as its kind, the field and the value that it is about."""
    if isinstance(condition, dict):
        [(name, value)] = condition.items()
        return "eq", name.lower(), value
    kind, name, value = condition
    return kind.lower(), str(name).removeprefix("$").lower(), value


def _check_size(size: int, least: int, most: int) -> None:
    if size > most:
        raise Refused("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", HTTPStatus.BAD_REQUEST)
    if size < least:
        raise Refused(
            "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", HTTPStatus.BAD_REQUEST
        )
