"""Signed URLs of S3: held to their time, which moto does not look at. Forms are looked at in signed_forms.py."""

import functools
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from html import escape
from http import HTTPStatus
from typing import Any

from moto.s3.responses import S3Response

_LONGEST_URL = timedelta(days=7)
_SIGNED_AT = "%Y%m%dT%H%M%SZ"

_key = S3Response._key_response  # noqa: SLF001 - moto offers no other

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
    S3Response._key_response = _checked_key  # noqa: SLF001 - same


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
