"""The server's side of the worker process: hands it jobs, limits their time, and starts it anew when it dies."""

import json
import logging
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, TextIO, cast

from caches import cache_settings

START_LIMIT_SECONDS = 120.0

logger = logging.getLogger(__name__)


class StoppedError(Exception):
    """The worker was stopped on purpose and takes no more jobs."""


class WorkerDiedError(Exception):
    """The worker ended before it answered; the text says why."""


class Worker:
    """One worker process, used by one thread at a time; only `stop` may be called from another.

    Parameters
    ----------
    time_limit
        Seconds that a job may take.
    """

    def __init__(self, time_limit: float) -> None:
        self._time_limit = time_limit
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def answer(self, job: dict[str, Any]) -> dict[str, Any]:
        """Run a job and return its document.

        Raises
        ------
        WorkerDiedError
            The job took too long or ended the process; the next one gets a fresh process.
        StoppedError
            `stop` was called.
        """
        return self._exchange(self.start(), json.dumps(job) + "\n", self._time_limit)

    def start(self) -> "subprocess.Popen[str]":
        """Return the running process; if there is none, a new one that has loaded its libraries.

        Raises
        ------
        WorkerDiedError
            It does not come up.
        StoppedError
            `stop` was called.
        """
        with self._lock:
            if self._stopped:
                raise StoppedError
            if self._process is not None and self._process.poll() is None:
                return self._process
            self._process = process = _launch()
        try:
            self._exchange(process, "", START_LIMIT_SECONDS)
        except WorkerDiedError as error:
            raise WorkerDiedError("The fitter does not start: report it to the service's contact.") from error
        logger.info("worker %d is ready", process.pid)
        return process

    def stop(self) -> None:
        """End the process now and take no more jobs."""
        with self._lock:
            self._stopped = True
            if self._process is not None:
                self._process.kill()
                self._process.wait()

    def _exchange(self, process: "subprocess.Popen[str]", text: str, limit: float) -> dict[str, Any]:
        """Write text and read a line of JSON; the process is killed if that takes longer than the limit in seconds."""
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            process.kill()

        timer = threading.Timer(limit, expire)
        timer.daemon = True
        timer.start()
        try:
            line = _write_and_read(process, text)
        finally:
            timer.cancel()
        if line:
            return cast("dict[str, Any]", json.loads(line))
        process.wait()
        if self._stopped:
            raise StoppedError
        if expired.is_set():
            raise WorkerDiedError(f"The fit took longer than {limit:g} s and was stopped: ask for fewer samples.")
        raise WorkerDiedError("The fit ended without a result: start it again, and report it if that fails too.")


def _launch() -> "subprocess.Popen[str]":
    # One thread: the arrays are small, and the machine is shared.
    command = [sys.executable, str(Path(__file__).with_name("work.py"))]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | cache_settings()
    return subprocess.Popen(  # noqa: S603 (our own program, no shell)
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", env=environment
    )


def _write_and_read(process: "subprocess.Popen[str]", text: str) -> str:
    """Read the line that answers the text; empty if the process has ended."""
    stdin, stdout = cast("TextIO", process.stdin), cast("TextIO", process.stdout)
    try:
        stdin.write(text)
        stdin.flush()
    except BrokenPipeError:
        return ""
    return stdout.readline()
