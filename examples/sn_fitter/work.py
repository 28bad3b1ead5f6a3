"""The worker process: reads jobs from standard input and writes answers to standard output, a line of JSON each.

It runs apart from the server, so that a fit which hangs or crashes takes nothing else down. The first line that it
writes says that it is ready. When its standard input ends, so does it.
"""

import json
import os
import queue
import signal
import sys
import threading
from typing import TextIO

from failures import Document
from loading import quick_imports
from log import set_up_logging

READY = {"status": "ready"}


def main() -> None:
    """Answer jobs in the order in which they come."""
    # Libraries that print must not get between the lines of JSON.
    answers, sys.stdout = sys.stdout, sys.stderr
    set_up_logging()
    # Control-C in a terminal reaches this process too; the server decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(sys.stdin, jobs), daemon=True).start()
    with quick_imports():
        from fitting import answer  # noqa: PLC0415 - takes a second, in which the server may end
    _write(answers, READY)
    while True:
        job = json.loads(jobs.get())
        _write(answers, answer(job["object_id"], job["inputs"]))


def _read_jobs(lines: TextIO, jobs: "queue.SimpleQueue[str]") -> None:
    for line in lines:
        jobs.put(line)
    # The server is gone: nobody waits for the fit, or for the libraries, that may still be under way.
    os._exit(0)


def _write(answers: TextIO, document: Document) -> None:
    answers.write(json.dumps(document) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
