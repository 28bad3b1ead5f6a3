"""The queue of runs: takes them at once, fits them one after the other and posts what came out."""

import itertools
import logging
import queue
import threading
import time
from dataclasses import dataclass
from typing import Any

from callback import deliver
from failures import failure
from worker import StoppedError, Worker, WorkerDiedError

logger = logging.getLogger(__name__)


class QueueFullError(Exception):
    """No more runs can wait at the moment."""


@dataclass(frozen=True)
class Run:
    """An analysis that was asked for."""

    number: int
    object_id: str
    callback_url: str
    inputs: dict[str, Any]

    def __str__(self) -> str:
        return f"run {self.number} of {self.object_id!r}"


class Runs:
    """A bounded queue in front of one worker.

    Parameters
    ----------
    worker
        Fits one run at a time.
    capacity
        How many runs may wait.
    """

    def __init__(self, worker: Worker, capacity: int) -> None:
        self._worker = worker
        self._waiting: queue.Queue[Run] = queue.Queue(capacity)
        self._numbers = itertools.count(1)

    def submit(self, object_id: str, callback_url: str, inputs: dict[str, Any]) -> Run:
        """Queue a run.

        Raises
        ------
        QueueFullError
            As many runs wait as may.
        """
        run = Run(next(self._numbers), object_id, callback_url, inputs)
        try:
            self._waiting.put_nowait(run)
        except queue.Full as error:
            raise QueueFullError from error
        logger.info("%s: queued", run)
        return run

    def work(self) -> None:
        """Fit what is queued, until the worker is stopped."""
        try:
            self._warm_up()
            while True:
                self._fit(self._waiting.get())
        except StoppedError:
            logger.info("stopped")

    def _warm_up(self) -> None:
        try:
            self._worker.start()
        except WorkerDiedError:
            logger.exception("the first worker did not start; the next run tries again")

    def _fit(self, run: Run) -> None:
        started = time.monotonic()
        logger.info("%s: started", run)
        try:
            document = self._worker.answer({"object_id": run.object_id, "inputs": run.inputs})
        except WorkerDiedError as error:
            document = failure(str(error))
        logger.info("%s: %s after %.1f s: %r", run, document["status"], time.monotonic() - started, document["message"])
        # A callback that is down must not hold up the next fit.
        threading.Thread(target=deliver, args=(run.callback_url, document, str(run)), daemon=True).start()
