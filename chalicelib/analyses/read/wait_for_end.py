"""Waits for a run to end: key reads, quick at first and then once a second, in the request's own thread."""

import random
import threading
from collections.abc import Callable
from time import monotonic, sleep

from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.limits import LONGEST_WAIT_SECONDS
from chalicelib.analyses.states import OPEN, State

MOST_WAITING = 32
"""Waiting requests of one process. On Lambda a process has one request; elsewhere its threads serve the others, too."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 1.0
_GROWTH = 1.3
_SPREAD = 0.1
"""Share of a pause by which it varies, so that those who wait for the same do not all ask at once."""

_waiting = threading.BoundedSemaphore(MOST_WAITING)


def wait_for_end(analysis_id: int, seconds: float, *, leaves: frozenset[State] = OPEN) -> bool:
    """Wait until a run has left some states, by default those before its end, but not longer than some seconds.

    Who may read it is to be checked before, and what is shown is to be read afterwards: the reads here are cheap ones,
    at most 31 in 25 s. With `MOST_WAITING` in this process already it does not wait.

    Returns
    -------
    bool
        Whether it has left them, deleted ones included.
    """
    return wait_until(lambda: _state(analysis_id) not in leaves, seconds)


def wait_until(happened: Callable[[], bool], seconds: float) -> bool:
    """Wait in the same way for something else, which is asked with a cheap read; say whether it happened."""
    if not _waiting.acquire(blocking=False):
        return False
    try:
        return _happens(happened, monotonic() + min(seconds, LONGEST_WAIT_SECONDS))
    finally:
        _waiting.release()


def _happens(happened: Callable[[], bool], until: float) -> bool:
    pause = _FIRST_PAUSE
    while (left := until - monotonic()) > 0:
        spread = pause * random.uniform(1 - _SPREAD, 1 + _SPREAD)  # noqa: S311 - spreads load, keeps no secret
        sleep(min(spread, left))
        if happened():
            return True
        pause = min(pause * _GROWTH, _LONGEST_PAUSE)
    return False


def _state(analysis_id: int) -> State | None:
    try:
        run = Run.get(analysis_id, RUN_SK, attributes_to_get=["analysis_id", "sk", "status"])
    except Run.DoesNotExist:
        return None
    return run.state
