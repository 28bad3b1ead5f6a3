"""Forms for results that are too large to be posted: a presigned S3 form for one object, of limited size and time."""

from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock
from chalicelib.analyses.run import objects
from chalicelib.settings import settings

LONGEST = timedelta(hours=6)
"""A form cannot outlive the credentials that signed it, and Lambda changes those of its functions."""


def expiry(invalid_after: datetime | None = None) -> datetime:
    """Return until when a form that is made now is good: at most `LONGEST`, and not after `invalid_after`."""
    longest = clock.now() + LONGEST
    return longest if invalid_after is None else min(longest, invalid_after)


def make(key: str, expires_at: datetime) -> dict[str, Any]:
    """Return what `POST <upload_url>` answers: url, fields, max_bytes, and expires_at as naive UTC.

    Raises
    ------
    ValueError
        `expires_at` is less than a second away.
    """
    seconds = int((expires_at - clock.now()).total_seconds())
    if seconds < 1:
        raise ValueError("a form cannot be made for the past")
    most = settings().max_upload_bytes
    return {**objects.signed_form(key, most, seconds), "max_bytes": most, "expires_at": clock.iso(expires_at)}
