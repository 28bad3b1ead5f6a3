"""Doing at the same time what waits for answers."""

import contextvars
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

ItemT = TypeVar("ItemT")
ResultT = TypeVar("ResultT")


def at_once(function: Callable[[ItemT], ResultT], items: Iterable[ItemT], most: int) -> list[ResultT]:
    """Return what `function` returns for each item, `most` at a time, in the caller's context, which logs name.

    Raises
    ------
    Exception
        The first that `function` raises, when all have ended.
    """
    wanted = [(contextvars.copy_context(), item) for item in items]
    with ThreadPoolExecutor(most) as threads:
        return list(threads.map(lambda one: one[0].run(function, one[1]), wanted))
