"""What can be seen of processes from outside; a process that has ended and waits for its parent runs no more."""

import time
from collections.abc import Iterable

import psutil


def descendants(pid: int) -> dict[int, list[str]]:
    """Return the command lines, by process id, of all that a process started and that those started."""
    return _command_lines(psutil.Process(pid).children(recursive=True))


def children(pid: int) -> dict[int, list[str]]:
    """Return the command lines, by process id, of what a process started itself."""
    return _command_lines(psutil.Process(pid).children())


def alive(pids: Iterable[int]) -> list[int]:
    """Return those that run."""
    return sorted(pid for pid in pids if _runs(pid))


def gone_within(pids: Iterable[int], seconds: float) -> bool:
    """Wait until none of them runs; return whether that came in time."""
    deadline = time.monotonic() + seconds
    while (left := alive(pids)) and time.monotonic() < deadline:
        time.sleep(0.02)
    return left == []


def _runs(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _command_lines(found: Iterable[psutil.Process]) -> dict[int, list[str]]:
    lines = {}
    for each in found:
        try:
            lines[each.pid] = each.cmdline()
        except psutil.NoSuchProcess:  # or a zombie: it has ended meanwhile
            continue
    return lines
