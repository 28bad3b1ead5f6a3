"""What a process remembers between requests, for a limited time."""

import threading
from typing import Generic, TypeVar

from cachetools import TTLCache

ValueT = TypeVar("ValueT")

_all: list["Remembered[object]"] = []


class Remembered(Generic[ValueT]):
    """A mapping, safe between threads, whose entries vanish after some seconds or when it is full.

    Parameters
    ----------
    seconds : float
        How long an entry stays.
    most : int
        How many entries at the most.
    """

    def __init__(self, seconds: float, *, most: int = 4096) -> None:
        self._entries: TTLCache[object, ValueT] = TTLCache(maxsize=most, ttl=seconds)
        self._lock = threading.Lock()
        _all.append(self)  # type: ignore[arg-type]  # only ever emptied

    def get(self, key: object) -> ValueT | None:
        """Return what is remembered, or None."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: object, value: ValueT) -> None:
        """Remember a value."""
        with self._lock:
            self._entries[key] = value

    def clear(self) -> None:
        """Forget all."""
        with self._lock:
            self._entries.clear()


def forget() -> None:
    """Empty every such mapping: what this process changed is then seen at once."""
    for remembered in _all:
        remembered.clear()
