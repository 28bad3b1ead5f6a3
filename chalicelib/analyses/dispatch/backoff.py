"""How long a run waits before it is sent again after its service could not take it: pure."""

from datetime import timedelta
from random import Random

from chalicelib.analyses.timing import LONGEST_DELAY

_RETRY_BASE = timedelta(seconds=2)


def retry_delay(attempt: int, retry_after_seconds: float | None, random: Random) -> timedelta:
    """Return the wait after a failed attempt, from 1: exponential with full jitter, never less than Retry-After.

    The jitter is drawn from the whole interval, so that runs that failed together do not come back together
    (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015).
    """
    doublings: int = 2 ** min(attempt, 20)
    ceiling = min(_RETRY_BASE * doublings, LONGEST_DELAY)
    delay = timedelta(seconds=1) + ceiling * random.random()
    return max(delay, timedelta(seconds=retry_after_seconds or 0))
