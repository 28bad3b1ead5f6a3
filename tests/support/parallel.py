"""Runs the same thing many times at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

ArgumentT = TypeVar("ArgumentT")
ResultT = TypeVar("ResultT")


def at_once(function: Callable[[ArgumentT], ResultT], arguments: Iterable[ArgumentT]) -> list[ResultT]:
    """Call a function with each argument, all started together; return the results in order."""
    wanted = list(arguments)
    barrier = Barrier(len(wanted))

    def start(argument: ArgumentT) -> ResultT:
        barrier.wait(timeout=30)
        return function(argument)

    with ThreadPoolExecutor(len(wanted)) as pool:
        return list(pool.map(start, wanted))
