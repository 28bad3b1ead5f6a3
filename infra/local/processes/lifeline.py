"""A child's tie to its supervisor: standard input says when to begin, and ends when the supervisor does."""

import gc
import os
import sys
import threading
from collections.abc import Callable

_FINISH_SECONDS = 2.5
"""Shorter than the time after which the supervisor kills."""

_OBJECTS_BETWEEN_COLLECTIONS = 10_000
"""Of garbage in cycles: each answer of AWS makes thousands of objects, nearly all of which die without cycles."""

GO = "go"
READY = "ready"


def begin() -> None:
    """Look for no garbage until `announce`: what is imported meanwhile stays, and takes a quarter longer else."""
    gc.disable()


def wait_for_go() -> None:
    """Wait until the supervisor has prepared what this process needs."""
    if sys.stdin.readline().strip() != GO:
        sys.exit(0)  # the supervisor ended first


def announce(url: str = "") -> None:
    """Tell the supervisor that this process does its work; without a supervisor, end it.

    What it has imported until then stays, and no garbage is looked for in it from now on.
    """
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS, 20, 50)
    gc.enable()
    try:
        print(READY, url, flush=True)
    except BrokenPipeError:
        os._exit(0)


def hold(finish: Callable[[], object]) -> None:
    """Wait for the end of the supervisor, then finish and end this process."""
    while sys.stdin.readline():
        pass
    limit = threading.Timer(_FINISH_SECONDS, os._exit, args=(1,))
    limit.daemon = True
    limit.start()
    finish()
    os._exit(0)  # threads that still wait for something have nothing to lose
