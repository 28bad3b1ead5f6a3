"""Kills processes of the local stack while a soak runs: at moments that the service steers, and at any other."""

import random
import threading
import time
from collections import Counter
from typing import Self

from benchmarks.soak_service import SoakService
from benchmarks.soak_stack import SoakStack

_CHILDREN = ("run_api", "run_worker", "run_products")
_LONGEST_DELAY = 0.05
"""Seconds after a request begins: within them lie all the steps of its handling."""


class Kills:
    """A context manager that kills about every `seconds` seconds, never if that is 0.

    Parameters
    ----------
    stack, service
        Whose processes are killed, and who says when something is under way.
    seconds : float
        Between two kills.
    """

    def __init__(self, stack: SoakStack, service: SoakService, seconds: float) -> None:
        self.done: Counter[str] = Counter()
        self._stack, self._service, self._seconds = stack, service, seconds
        self._ending = threading.Event()
        self._lock = threading.Lock()
        self._next = time.monotonic() + seconds
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        if self._seconds > 0:
            self._service.disturb = self._during
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ending.set()
        if self._seconds > 0:
            self._service.disturb = lambda _: None
            self._thread.join()

    def _during(self, child: str) -> None:
        threading.Timer(random.uniform(0, _LONGEST_DELAY), self._kill, [child]).start()  # noqa: S311 - no secret

    def _run(self) -> None:
        while not self._ending.wait(2 * self._seconds):
            self._kill(random.choice(_CHILDREN))  # noqa: S311 - no secret

    def _kill(self, child: str) -> None:
        with self._lock:
            if self._ending.is_set() or time.monotonic() < self._next:
                return
            self._next = time.monotonic() + self._seconds
            self._stack.kill(child)
            self.done[child] += 1
