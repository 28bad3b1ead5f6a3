"""Starts the processes of a stack, restarts those that die, and ends them all in order."""

import queue
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.errors import StackError
from infra.local.processes.child import Child, Program, where
from infra.local.processes.log_relay import LogRelay

_READY_SECONDS = 60.0
_FINISH_SECONDS = 3.0
_VITAL_SECONDS = 3.0
_RESTART_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Ended:
    """A child ended."""

    child: Child


@dataclass(frozen=True, slots=True)
class Demonstrated:
    """The demo is over; `failure` says why it did not reach its end."""

    failure: str | None


Event = Ended | Demonstrated


class Supervisor:
    """A context manager, at whose end no process is left.

    Parameters
    ----------
    log : Path or LogRelay
        Where the processes write their logs.
    """

    def __init__(self, log: Path | LogRelay) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._log = log
        self._children: list[Child] = []

    def start(self, program: Program) -> Child:
        """Start a child, which waits for `go`."""
        child = Child(program, self._log, lambda child: self.events.put(Ended(child)))
        self._children.append(child)
        return child

    def begin(self, *children: Child) -> list[str]:
        """Let children begin their work, and return the URLs that they announce; no other is forked from now on.

        Raises
        ------
        StackError
            One ended, or takes too long.
        """
        if isinstance(self._log, LogRelay):
            self._log.start()
        for child in children:
            child.go()
        return [child.wait_until_ready(_READY_SECONDS) for child in children]

    def watch(self) -> Demonstrated:
        """Replace what dies, until the demo is over.

        Raises
        ------
        StackError
            What cannot be replaced has died.
        """
        while True:
            event = self.events.get()
            if isinstance(event, Demonstrated):
                return event
            self._replace(event.child)

    def _replace(self, child: Child) -> None:
        program = child.program
        if program.vital and program.keeps is None:
            raise StackError(
                f"The {program.name} has ended (status {child.status}) and with it all data. {where(self._log)}"
            )
        print(f"The {program.name} has ended (status {child.status}) and is started again.", file=sys.stderr)
        self._children.remove(child)
        time.sleep(_RESTART_SECONDS)
        self.start(replace(program, is_forked=False)).go()  # for we may have connections now, even without threads

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        vital = [child for child in self._children if child.program.vital]
        _end([child for child in self._children if child not in vital], _FINISH_SECONDS)
        _end(vital, _VITAL_SECONDS)


def _end(children: list[Child], seconds: float) -> None:
    for child in children:
        child.release()
    deadline = time.monotonic() + seconds
    for child in children:
        child.wait(max(0.0, deadline - time.monotonic()))
