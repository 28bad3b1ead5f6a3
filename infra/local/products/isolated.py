"""One isolated process, as seen by whoever invokes its function: started, asked, and killed when it does not behave."""

import contextlib
import os
import selectors
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, cast

ROOT = Path(__file__).parents[3]

_START_SECONDS = 60.0
_GRACE_SECONDS = 1.0
_CHUNK = 65536
_MOST_LINE_BYTES = 16 << 20
"""More than any answer that Lambda would carry, so that an answer that is too large can be told from a flood."""


class Overrun(Exception):
    """The answer did not come in time."""


class Died(Exception):
    """The process ended, or wrote what is no answer."""


class IsolatedProcess:
    """Starts on construction, with nothing of this process's environment.

    Parameters
    ----------
    handler : str
        What answers, as `package.module:function`.
    function_name : str
        The name under which Lambda would know it.
    seconds : int
        Longest invocation.
    scratch : Path
        Its working directory, which also holds its temporary files and caches.
    """

    def __init__(self, handler: str, function_name: str, seconds: int, scratch: Path) -> None:
        environment = {
            "PYTHONPATH": str(ROOT),
            "MPLCONFIGDIR": str(scratch),
            "TMPDIR": str(scratch),
            "OPENBLAS_NUM_THREADS": "1",  # each thread would reserve memory that the limit counts
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "infra.local.processes.isolated", handler, function_name, str(seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=scratch,
            start_new_session=True,
        )
        self._stdin = cast("IO[bytes]", self._process.stdin)
        self._stdout = cast("IO[bytes]", self._process.stdout)
        os.set_blocking(self._stdin.fileno(), False)
        # it ends itself in time; this limit is for one that prevents that, and the first one includes the imports
        self._allowed = seconds + _START_SECONDS
        self._seconds = seconds

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def exchange(self, line: bytes) -> bytes:
        """Write one line and read one line.

        Raises
        ------
        Overrun
            No whole answer within the time.
        Died
            The process ended, or wrote more than an answer.
        """
        deadline = time.monotonic() + self._allowed
        self._allowed = self._seconds + _GRACE_SECONDS
        received = bytearray()
        pending = memoryview(line)
        with selectors.DefaultSelector() as selector:
            selector.register(self._stdout, selectors.EVENT_READ)
            selector.register(self._stdin, selectors.EVENT_WRITE)
            while not received.endswith(b"\n"):
                ready = selector.select(max(0.0, deadline - time.monotonic()))
                if not ready:
                    raise Overrun
                for key, _ in ready:
                    if key.fileobj is self._stdin:
                        pending = self._write(pending)
                        if not pending:
                            selector.unregister(self._stdin)
                    else:
                        received += self._read(len(received))
        return bytes(received)

    def _write(self, pending: memoryview) -> memoryview:
        try:
            return pending[os.write(self._stdin.fileno(), pending[:_CHUNK]) :]
        except BrokenPipeError:
            raise self._ending() from None
        except ValueError:  # closed by `kill`
            raise Died("it was ended") from None

    def _read(self, so_far: int) -> bytes:
        try:
            chunk = os.read(self._stdout.fileno(), _CHUNK)
        except ValueError:  # closed by `kill`
            raise Died("it was ended") from None
        if not chunk:
            raise self._ending()
        if so_far + len(chunk) > _MOST_LINE_BYTES:
            raise Died(f"an answer of more than {_MOST_LINE_BYTES} bytes")
        return chunk

    def _ending(self) -> Exception:
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return Died("closed its output")
        if status == -signal.SIGALRM:
            return Overrun()
        return Died(f"signal {-status}" if status < 0 else f"exit status {status}")

    def kill(self) -> None:
        """End the process and those that it started at once, and forget it."""
        with contextlib.suppress(ProcessLookupError):  # nobody is left
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._stdout.close()
        with contextlib.suppress(BrokenPipeError):  # a line that was never read
            self._stdin.close()
