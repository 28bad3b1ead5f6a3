"""Reads the Retry-After header: RFC 9110, section 10.2.3."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 30 * 86_400.0
"""Seconds: whoever asks for more waits longer than anyone keeps an analysis."""


def seconds_of(header: str | None) -> float | None:
    """Return the seconds to wait, at most `LONGEST`.

    The header holds a number of seconds or an HTTP date; None if it holds neither.
    """
    text = (header or "").strip()
    if text.isascii() and text.isdigit():
        return min(float(text), LONGEST)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(0.0, (moment - datetime.now(UTC)).total_seconds()), LONGEST)
