"""When an event is sent again that was not taken: pure. The delays are those that Standard Webhooks suggests."""

from datetime import datetime, timedelta
from random import Random

TRIED_FOR = timedelta(days=3)

_DELAYS = tuple(timedelta(seconds=seconds) for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
_SPREAD = 0.1
_LONGEST_ASKED = timedelta(hours=24)
_LAST = timedelta(minutes=1)
"""So near the end there is no further try."""


def next_try(
    now: datetime, tried_from: datetime, tries: int, retry_after_seconds: float | None, random: Random
) -> datetime | None:
    """Return when to try again, after `tries` in vain; None when three days are over.

    The last try comes at their end. A Retry-After is kept to, up to a day.
    """
    end = tried_from + TRIED_FOR
    if now >= end - _LAST:
        return None
    delay = _DELAYS[min(tries, len(_DELAYS)) - 1] * random.uniform(1, 1 + _SPREAD)
    asked = min(timedelta(seconds=retry_after_seconds or 0), _LONGEST_ASKED)
    return min(now + max(delay, asked), end)
