"""How long a result waits before it is forwarded, and before it is tried again: pure."""

from datetime import datetime, timedelta
from random import Random

from chalicelib.analyses.dispatch.backoff import retry_delay
from chalicelib.settings import settings

LEASE = timedelta(seconds=240)
"""Longer than the relay function may run (180 s)."""

_LAST_CHANCE = timedelta(seconds=5)
"""So long before a portal takes no result any more it is tried for the last time."""


def acknowledged(moment: datetime) -> datetime:
    """Return when a portal has written its own state that was answered at a moment.

    SkyPortal sets a run to pending after our answer, and overwrites a result that is there by then.
    """
    return moment + timedelta(seconds=settings().relay_wait_seconds)


def next_try(
    now: datetime, tries: int, retry_after_seconds: float | None, valid_until: datetime, random: Random
) -> datetime | None:
    """Return when a result is tried again that was tried so often; None if the portal does not take it any more."""
    later = now + retry_delay(tries, retry_after_seconds, random)
    last = valid_until - _LAST_CHANCE
    if later <= last:
        return later
    return last if now < last - _LAST_CHANCE else None
