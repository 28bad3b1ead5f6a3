"""The worker process: reads jobs from standard input and writes answers to standard output, a line of JSON each.

It runs apart from the server, so that a fit which hangs or crashes takes nothing else down. The first line that it
writes says that it is ready. When its standard input ends, so does it.
"""

import json
import logging
import os
import queue
import signal
import sys
import threading
from typing import Any, TextIO

import loading
from document import success
from failures import Document, InputError, failure
from fit import fit_light_curve
from log import set_up_logging
from measurements import read_photometry, read_redshift
from parameters import read_parameters

READY = {"status": "ready"}

logger = logging.getLogger("work")


def answer(object_id: str, inputs: dict[str, Any]) -> Document:
    """Fit an object; whatever goes wrong becomes a failure with a sentence."""
    try:
        parameters = read_parameters(inputs.get("analysis_parameters", {}))
        light_curve = read_photometry(inputs.get("photometry"))
        redshift = read_redshift(inputs.get("redshift"))
        logger.info("inputs read: %d points in %s, z = %g", len(light_curve.mjd), light_curve.bands, redshift)
        return success(fit_light_curve(light_curve, redshift, parameters), object_id)
    except InputError as error:
        return failure(str(error))
    except Exception as error:  # the sender must hear of it, and the next job must find this process alive
        logger.exception("the fit crashed")
        return failure(f"The fit crashed ({type(error).__name__}: {error}): report it to the service's contact.")


def main() -> None:
    """Answer jobs in the order in which they come."""
    loading.end()
    # Libraries that print must not get between the lines of JSON.
    answers, sys.stdout = sys.stdout, sys.stderr
    set_up_logging()
    # Control-C in a terminal reaches this process too; the server decides when it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    jobs: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read_jobs, args=(sys.stdin, jobs), daemon=True).start()
    _write(answers, READY)
    while True:
        job = json.loads(jobs.get())
        _write(answers, answer(job["object_id"], job["inputs"]))


def _read_jobs(lines: TextIO, jobs: "queue.SimpleQueue[str]") -> None:
    for line in lines:
        jobs.put(line)
    # The server is gone: nobody waits for the fit that may still be running.
    os._exit(0)


def _write(answers: TextIO, document: Document) -> None:
    answers.write(json.dumps(document) + "\n")
    answers.flush()


if __name__ == "__main__":
    main()
