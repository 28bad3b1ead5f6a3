"""Time-ordered integer ids for what machines create, made without a counter that all would share."""

import itertools
import secrets
import threading
import time
from datetime import UTC, datetime, timedelta

ID_BITS = 53
"""Ids stay below 2**53, so that every JSON reader keeps them exact."""

MOST = (1 << ID_BITS) - 1

_RANDOM_BITS = 12
_EPOCH_MS = 1_577_836_800_000  # 2020-01-01: 41 bits of milliseconds last until 2089

_lock = threading.Lock()
_last = 0


def first_id_of(moment: datetime, later: timedelta = timedelta()) -> int:
    """Return the smallest id that is made so long after a moment, naive UTC; 0 where there were none yet."""
    milliseconds = int((moment.replace(tzinfo=UTC).timestamp() + later.total_seconds()) * 1000) - _EPOCH_MS
    return min(max(0, milliseconds) << _RANDOM_BITS, MOST)


def is_id(number: int) -> bool:
    """Say whether a number can be the id of anything."""
    return 0 <= number < 1 << ID_BITS


def new_id() -> int:
    """Return an id greater than all that this process made before."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[int]:
    """Return `count` consecutive ids.

    Two processes may make the same id within one millisecond (1 in 4096): writers that key by it write
    conditionally and ask again.
    """
    global _last  # noqa: PLW0603 - the one piece of state, behind a lock
    with _lock:
        milliseconds = time.time_ns() // 1_000_000 - _EPOCH_MS
        first = max((milliseconds << _RANDOM_BITS) + secrets.randbelow(1 << _RANDOM_BITS), _last + 1)
        _last = first + count - 1
    return list(itertools.islice(itertools.count(first), count))
