"""Invocations of an isolated function: isolated processes, used again while they behave and replaced when not."""

import contextlib
import json
import queue
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.products.isolated import Died, IsolatedProcess, Overrun

MAX_PAYLOAD_BYTES = 6_291_556
"""Lambda's limit in either direction."""
_PATIENCE_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Invocation:
    """What came of an invocation: JSON text, and whether it tells of the function's failure."""

    payload: bytes
    failed: bool = False


@dataclass(frozen=True, slots=True)
class IsolatedFunction:
    """What a pool runs.

    Parameters
    ----------
    name : str
        The name under which Lambda would know it.
    handler : str
        What answers, as `package.module:function`.
    seconds : int
        Longest invocation; its process is killed after that.
    processes : int
        Most invocations at once; the others wait.
    """

    name: str
    handler: str
    seconds: int = 60
    processes: int = 2


class IsolatedPool:
    """Starts a process of a function when one is needed."""

    def __init__(self, function: IsolatedFunction) -> None:
        self._function = function
        self._slots = threading.Semaphore(function.processes)
        self._idle: queue.LifoQueue[IsolatedProcess] = queue.LifoQueue()
        self._running: set[IsolatedProcess] = set()
        self._scratch = tempfile.TemporaryDirectory(prefix="siderostat-", ignore_cleanup_errors=True)

    def warm(self) -> None:
        """Start a process if none was needed yet, so that the first invocation need not wait for its imports."""
        if not self._running:
            self._idle.put(self._start())

    def invoke(self, event: Any) -> Invocation:  # noqa: ANN401 - any JSON value
        """Run the handler on one event."""
        with self._slots:
            process = self._take()
            try:
                invocation = self._outcome(process.exchange(json.dumps(event).encode() + b"\n"))
            except Overrun:
                self._discard(process)
                return _failed("Sandbox.Timedout", f"Task timed out after {self._function.seconds}.00 seconds")
            except Died as death:
                self._discard(process)
                return _failed("Runtime.ExitError", f"Runtime exited with error: {death}")
            self._idle.put(process)
            return invocation

    def stop(self) -> None:
        """Kill every process and remove what they left."""
        for process in list(self._running):
            self._discard(process)
        self._scratch.cleanup()

    def _take(self) -> IsolatedProcess:
        """Return a process that is free, or soon will be: most work takes less time than another one's imports."""
        with contextlib.suppress(queue.Empty):
            return self._idle.get(timeout=_PATIENCE_SECONDS if self._running else 0)
        return self._start()

    def _start(self) -> IsolatedProcess:
        process = IsolatedProcess(
            self._function.handler, self._function.name, self._function.seconds, Path(self._scratch.name)
        )
        self._running.add(process)
        return process

    def _discard(self, process: IsolatedProcess) -> None:
        self._running.discard(process)
        process.kill()

    @staticmethod
    def _outcome(line: bytes) -> Invocation:
        """Read an answer; what is none counts as a death, for the process can no longer be trusted."""
        try:
            answer = json.loads(line)
            kind, content = next(iter(answer.items()))
        except (ValueError, AttributeError, StopIteration):
            raise Died("wrote something else than an answer") from None
        payload = json.dumps(content).encode()
        if len(payload) > MAX_PAYLOAD_BYTES:
            return _failed(
                "Function.ResponseSizeTooLarge",
                f"Response payload size exceeded maximum allowed payload size ({MAX_PAYLOAD_BYTES} bytes).",
            )
        return Invocation(payload, failed=kind != "payload")


def _failed(kind: str, message: str) -> Invocation:
    return Invocation(json.dumps({"errorMessage": message, "errorType": kind}).encode(), failed=True)
