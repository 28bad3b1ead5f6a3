"""The queue of runs: bounded, each run in a process of its own whose time is limited."""

import importlib
import logging
import multiprocessing
import operator
import os
import queue
import sys
import tempfile
import threading
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any

from siderostat_service.delivery import deliver, seconds_left
from siderostat_service.failures import Document, failure

if TYPE_CHECKING:
    from siderostat_service.analysis import Analysis

_START_SECONDS = 120.0
"""For a process to load the analysis, which does not count as its time."""
_NEEDED = {"h5netcdf", "pandas"}
"""What every run is likely to need, and this package imports late."""
PATH = "SIDEROSTAT_SERVICE_PATH"
"""The variable that tells a fork server where modules are; Python before 3.12.3 does not."""
_LONGEST_TEMPORARY = 70
"""Bytes in the path of the folder for temporary files, of the 107 that a socket's may have."""

logger = logging.getLogger(__name__)


class Runs:
    """Takes runs at once, and works them off in threads that end with the process."""

    def __init__(self, analysis: "Analysis") -> None:
        self._analysis = analysis
        self._waiting: queue.Queue[Document] = queue.Queue(analysis.waiting)
        self._context = _process_context(analysis.function.__module__)
        for _ in range(analysis.workers):
            threading.Thread(target=self._work, daemon=True).start()

    def submit(self, document: Document) -> bool:
        """Queue a run; False if as many wait as may."""
        try:
            self._waiting.put_nowait(document)
        except queue.Full:
            return False
        return True

    def _work(self) -> None:
        while True:
            document = self._waiting.get()
            try:
                if seconds_left(document) <= 0:
                    logger.warning("a run of %s waited until its time was over", document.get("resource_id"))
                    continue
                result = self._in_a_process(document)
                logger.info("%s: %s: %s", document.get("resource_id"), result["status"], result["message"])
                # A callback that is down must not hold up the next run.
                threading.Thread(target=deliver, args=(document, result), daemon=True).start()
            except Exception:
                logger.exception("a run was lost")

    def _in_a_process(self, document: Document) -> Document:
        analysis = self._analysis
        ours, theirs = self._context.Pipe(duplex=False)
        place = (analysis.function.__module__, analysis.function.__qualname__)
        process = self._context.Process(target=_run, args=(place, document, theirs), daemon=True)
        process.start()
        theirs.close()
        try:
            if not ours.poll(_START_SECONDS):
                return failure("The analysis could not be loaded: report it to the service's contact.")
            ours.recv()
            if not ours.poll(analysis.time_limit):
                return failure(f"The analysis took longer than {analysis.time_limit:g} s and was stopped.")
            answer: Document = ours.recv()
        except EOFError:
            return failure("The analysis ended without a result: its process died, perhaps for want of memory.")
        else:
            return answer
        finally:
            process.kill()
            process.join()
            ours.close()


def _process_context(module: str) -> Any:  # noqa: ANN401 - multiprocessing's contexts have no common public type
    """Fork from a process that has loaded the analysis and has no threads, where the system can."""
    # the socket of a fork server lies there
    has_room = len(os.fsencode(tempfile.gettempdir())) < _LONGEST_TEMPORARY
    if not has_room or "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    values = vars(sys.modules[module]).values() if module in sys.modules else ()
    used = {getattr(value, "__module__", None) or getattr(value, "__name__", None) for value in values}
    # by their names: Python before 3.14 does not load `__main__` itself there
    names = sorted(name for name in used | _NEEDED | {module} if isinstance(name, str))
    context.set_forkserver_preload(["siderostat_service.loading", *names, "siderostat_service.loaded"])
    os.environ[PATH] = os.pathsep.join(map(os.path.abspath, sys.path))
    return context


def _run(place: tuple[str, str], document: Document, answers: Connection) -> None:
    """Find the analysis again under its name, and run it: all that the child process does."""
    module, name = place
    analysis = operator.attrgetter(name)(sys.modules.get(module) or importlib.import_module(module))
    answers.send("loaded")
    answers.send(analysis.run(document))
    answers.close()
