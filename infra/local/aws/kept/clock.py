"""A clock that goes on where another one would go back: what is hidden for a minute is not hidden for an hour."""

import logging
import time
from collections.abc import Callable
from pathlib import Path

LOGGER = logging.getLogger("siderostat.aws")

_JITTER_SECONDS = 1.0


class OnwardClock:
    """Follows another clock and adds what that has gone back by.

    Parameters
    ----------
    milliseconds : callable
        The other clock, in Unix milliseconds.
    """

    def __init__(self, milliseconds: Callable[[], float]) -> None:
        self._milliseconds = milliseconds
        self._last = milliseconds()
        self._added = 0.0

    def __call__(self) -> float:
        """Return Unix milliseconds."""
        now, last = self._milliseconds(), self._last
        self._last = now
        back = last - now
        if back > 1000 * _JITTER_SECONDS:
            self._added += back
            LOGGER.warning("the clock has gone back by %.0f s: messages are delivered as if it had not", back / 1000)
        return now + self._added


def look(database: Path) -> None:
    """Say so if the clock has gone back since a database was last written."""
    files = [path for path in (database, database.with_name(f"{database.name}-wal")) if path.exists()]
    ahead = max((path.stat().st_mtime for path in files), default=0.0) - time.time()
    if ahead > _JITTER_SECONDS:
        LOGGER.warning("the clock has gone back by at least %.0f s since the data was written", ahead)
