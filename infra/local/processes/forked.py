"""A process forked from the supervisor's, with what that has imported: most of what processes of a stack begin with.

Only a process with one thread can be forked safely, for in the copy the other threads are gone and their locks are held
for ever. A stack forks what it begins with and executes what it starts again.
"""

import contextlib
import ctypes
import fcntl
import importlib
import os
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

_STANDARD = 3
_OPEN = Path("/proc/self/fd")
_POLL_SECONDS = 0.01
_SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
_M_ARENA_MAX = -8
"""Of malloc.h: what the variable MALLOC_ARENA_MAX says to a program that is executed."""
_ARGUMENTS = slice(45, 47)
"""Where command line's begin and end stand in /proc/self/stat, behind the name (proc(5), fields 48 and 49)."""


def possible() -> bool:
    """Say whether this process may be forked."""
    return _OPEN.is_dir() and threading.active_count() == 1


class Forked:
    """To be used as a `subprocess.Popen` with two pipes; it has a session of its own.

    Parameters
    ----------
    module : str
        Its function `run` is called with the arguments.
    arguments : sequence of str
        What would stand on its command line.
    folder : Path
        Where it runs.
    errors : int
        Descriptor of its standard error.
    fds : sequence of int
        What it inherits besides its standard streams.
    """

    def __init__(self, module: str, arguments: Sequence[str], folder: Path, errors: int, fds: Sequence[int]) -> None:
        (stdin, into), (out, stdout) = os.pipe(), os.pipe()
        for output in filter(None, (sys.stdout, sys.stderr)):  # or the copy would write it once more
            output.flush()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)  # their handlers are not for the copy
        try:
            self.pid = os.fork()
            if self.pid == 0:
                _become(module, arguments, folder, (stdin, stdout, errors), fds)
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            os.close(stdin)
            os.close(stdout)
        self.stdin, self.stdout = os.fdopen(into, "wb"), os.fdopen(out, "rb")
        self.returncode: int | None = None
        self._waiting = threading.Lock()

    def poll(self) -> int | None:
        """Return the exit status, negative for a signal; None while it runs."""
        with self._waiting:
            if self.returncode is None:
                try:
                    pid, status = os.waitpid(self.pid, os.WNOHANG)
                except ChildProcessError:  # SIGCHLD was ignored by who started us: nobody is told how it ended
                    pid, status = self.pid, 0
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit status.

        Raises
        ------
        subprocess.TimeoutExpired
            It goes on for longer than so many seconds.
        """
        end = None if timeout is None else time.monotonic() + timeout
        while (status := self.poll()) is None:
            if end is not None and time.monotonic() >= end:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0.0)
            time.sleep(_POLL_SECONDS)
        return status


def _become(
    module: str, arguments: Sequence[str], folder: Path, streams: Sequence[int], fds: Sequence[int]
) -> NoReturn:
    """Be as one that was executed, from its own first line on."""
    code: int = 1
    try:
        os.setsid()
        os.chdir(folder)
        for standard, stream in enumerate([fcntl.fcntl(stream, fcntl.F_DUPFD, _STANDARD) for stream in streams]):
            os.dup2(stream, standard)
        _close_all_but(fds)
        # new ones, for those of the supervisor may hold what it has not read or written yet
        sys.stdin, sys.stdout = open(0, closefd=False), open(1, "w", closefd=False)  # noqa: SIM115
        sys.stderr = open(2, "w", buffering=1, errors="backslashreplace", closefd=False)  # noqa: SIM115
        sys.argv = [module, *arguments]
        _show([f"siderostat.{module.rpartition('.')[2]}", *arguments])  # short, for `python -m infra.local serve` is
        _limit_arenas()
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
        importlib.import_module(module).run(arguments)
        code = 0
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    except BaseException:  # noqa: BLE001 - what the supervisor was about to do is not for the copy
        traceback.print_exc()
    finally:
        try:
            with contextlib.suppress(OSError):  # nobody reads it any more
                sys.stdout.flush()
        finally:
            os._exit(code)


def _close_all_but(fds: Sequence[int]) -> None:
    kept = sorted({*range(_STANDARD), *fds})
    for low, high in zip(kept, [*kept[1:], max(int(each.name) for each in _OPEN.iterdir()) + 1], strict=True):
        os.closerange(low + 1, high)


def _limit_arenas() -> None:
    most, libc = os.environ.get("MALLOC_ARENA_MAX", ""), ctypes.CDLL(None)
    if most.isdecimal() and hasattr(libc, "mallopt"):
        libc.mallopt(_M_ARENA_MAX, int(most))


def _show(words: Sequence[str]) -> None:
    """Let `ps` show another command line in the place of the supervisor's, as much of it as has room there."""
    begin, end = map(int, Path("/proc/self/stat").read_text().rpartition(")")[2].split()[_ARGUMENTS])
    line = os.fsencode("\0".join(words))[: end - begin - 1]
    ctypes.memmove(begin, line.ljust(end - begin, b"\0"), end - begin)
