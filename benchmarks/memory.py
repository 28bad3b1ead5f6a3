"""How much memory the processes of the products function take, measured from outside."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")
_INTERVAL = 0.02


@dataclass
class Growth:
    """Bytes by which all processes together, and the largest of them, have grown."""

    before: int
    together: int = 0
    largest: int = 0


@contextmanager
def watched(word: str = "products") -> Iterator[Growth]:
    """Watch the processes other than this one that have a word in an argument."""
    growth = Growth(sum(_sizes(word).values()))
    largest_before = max(_sizes(word).values(), default=0)
    stop = threading.Event()

    def watch() -> None:
        while not stop.wait(_INTERVAL):
            sizes = _sizes(word).values()
            growth.together = max(growth.together, sum(sizes) - growth.before)
            growth.largest = max(growth.largest, max(sizes, default=0) - largest_before)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield growth
    finally:
        time.sleep(2 * _INTERVAL)
        stop.set()
        thread.join()


def _sizes(word: str) -> dict[int, int]:
    """Return the resident bytes of the processes that this one started, directly or not, by their ids."""
    parents, found = {}, {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            number, pages = int(folder.name), int((folder / "statm").read_text().split()[1])
            parents[number] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if word.encode() in (folder / "cmdline").read_bytes():
                found[number] = pages * _PAGE
        except OSError:
            continue
    return {number: size for number, size in found.items() if _is_below(number, parents)}


def _is_below(number: int, parents: dict[int, int]) -> bool:
    while number in parents:
        number = parents[number]
        if number == os.getpid():
            return True
    return False
