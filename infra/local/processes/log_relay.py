"""Carries the logs of the children to standard output, and never waits for whoever reads it, or does not."""

import os
import select
import sys
import threading
from typing import IO

_PIECE = 4096
"""A pipe that can be written takes so much at once, whoever reads it (POSIX, PIPE_BUF)."""
_PATIENCE_SECONDS = 0.2


class LogRelay:
    """Relays from `start` on; what nobody takes in time is dropped, line by line."""

    def __init__(self) -> None:
        reading, self._writing = os.pipe()
        os.set_inheritable(self._writing, True)  # noqa: FBT003 - os has no other form
        self._lines: IO[bytes] = os.fdopen(reading, "rb")
        self._thread = threading.Thread(target=self._relay, name="logs", daemon=True)

    def start(self) -> None:
        """Relay, if that has not begun yet."""
        if self._thread.ident is None:
            self._thread.start()

    def fileno(self) -> int:
        """Return where children write."""
        return self._writing

    def _relay(self) -> None:
        sys.stdout.flush()
        output = sys.stdout.fileno()
        is_read = True
        for line in self._lines:
            for begin in range(0, len(line) if is_read else 0, _PIECE):
                _, ready, _ = select.select([], [output], [], _PATIENCE_SECONDS)
                if not ready:
                    break
                try:
                    os.write(output, line[begin : begin + _PIECE])
                except OSError:  # nobody will read it any more, but the children go on writing
                    is_read = False
                    break
