"""A process of the stack, as its supervisor sees it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from infra.local.errors import StackError
from infra.local.processes import forked
from infra.local.processes.forked import Forked
from infra.local.processes.lifeline import GO, READY
from infra.local.processes.log_relay import LogRelay

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Program:
    """What a child runs.

    Parameters
    ----------
    name : str
        For people.
    command : tuple of str
        The command line.
    folder : Path
        Where it runs.
    listens : socket.socket, optional
        Handed over; it stays open here, so that a restart loses no connection.
    is_forked : bool
        Whether it is a module of ours that is forked with the stack, where that is possible.
    vital : bool
        Whether the others need it: it ends last, and the stack ends with it unless it keeps what it knows.
    keeps : int, optional
        The lock of the folder in which it keeps that; it holds it, too.
    """

    name: str
    command: tuple[str, ...]
    folder: Path = ROOT
    listens: socket.socket | None = None
    is_forked: bool = False
    vital: bool = False
    keeps: int | None = None

    @property
    def fds(self) -> tuple[int, ...]:
        """What it inherits besides its standard streams."""
        sock = () if self.listens is None else (self.listens.fileno(),)
        return sock if self.keeps is None else (*sock, self.keeps)


def module(name: str, *arguments: object) -> tuple[str, ...]:
    """Return the command line of a module of ours."""
    return (sys.executable, "-m", name, *map(str, arguments))


def begin(program: Program, errors: int) -> "Forked | subprocess.Popen[bytes]":
    """Start a program with standard input and output as pipes, and standard error as given."""
    if program.is_forked and forked.possible():
        _, _, name, *arguments = program.command
        return Forked(name, arguments, program.folder, errors, program.fds)
    return subprocess.Popen(  # noqa: S603 - our own programs
        program.command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        pass_fds=program.fds,
        cwd=program.folder,
        start_new_session=True,  # Ctrl-C is for the supervisor, which ends the children in order
    )


def where(log: Path | LogRelay) -> str:
    """Say where more is to be read."""
    return f"See {log}." if isinstance(log, Path) else "See its log."


class Child:
    """Starts on construction, and is listened to when it may begin: until then the supervisor can be forked.

    Parameters
    ----------
    program : Program
        What it runs.
    log : Path or LogRelay
        Where its standard error goes.
    ended : callable
        Called with this child, on a thread of its own, when it has ended.
    """

    def __init__(self, program: Program, log: Path | LogRelay, ended: Callable[["Child"], None]) -> None:
        self.program = program
        self._log = log
        self._ended = ended
        self._ready = threading.Event()
        self._url = ""
        with log.open("ab") if isinstance(log, Path) else nullcontext(log.fileno()) as errors:
            self._process = begin(program, errors if isinstance(errors, int) else errors.fileno())
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._reader: threading.Thread | None = None

    @property
    def status(self) -> int | None:
        """Exit status, negative for a signal; None while it runs."""
        return self._process.poll()

    def go(self) -> None:
        """Let it begin its work."""
        self._reader = threading.Thread(target=self._read, name=f"read-{self.program.name}", daemon=True)
        self._reader.start()
        with contextlib.suppress(BrokenPipeError):  # its end is noticed by the reader
            self._stdin.write(f"{GO}\n".encode())
            self._stdin.flush()

    def wait_until_ready(self, seconds: float) -> str:
        """Return the URL that it announces, if any.

        Raises
        ------
        StackError
            It ended, or takes too long.
        """
        if not self._ready.wait(seconds):
            raise StackError(f"The {self.program.name} is not ready after {seconds:g} s. {where(self._log)}")
        if self.status is not None:
            raise StackError(f"The {self.program.name} could not start: {self._last_words()} {where(self._log)}")
        return self._url

    def release(self) -> None:
        """Tell it to finish."""
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()

    def wait(self, seconds: float) -> None:
        """Wait for its end, and kill it if it does not come in time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            os.killpg(self._process.pid, signal.SIGKILL)  # with what it started
            self._process.wait()
        if self._reader is None:
            cast("IO[bytes]", self._process.stdout).close()
        else:
            self._reader.join()

    def _read(self) -> None:
        with cast("IO[bytes]", self._process.stdout) as lines:
            for line in lines:
                word, _, rest = line.decode(errors="replace").strip().partition(" ")
                if word == READY:
                    self._url = rest
                    self._ready.set()
        self._process.wait()
        self._ready.set()
        self._ended(self)

    def _last_words(self) -> str:
        if not isinstance(self._log, Path):
            return "it said why."
        lines = self._log.read_text(errors="replace").splitlines()[-1:]
        return lines[0] if lines else "it said nothing."
