"""The messages to the dispatcher: that a run is to be sent, or that runs may go on which wait for a service.

A message that the queue does not take is not missed for long: what it is about is due, and the sweep finds it.
"""

import math
from datetime import timedelta
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock
from chalicelib.analyses.items.run import Run
from chalicelib.http.logs import LOGGER


def send(run: Run, delay: timedelta | None = timedelta(0), *, is_place_free: bool = False) -> None:
    """Ask the dispatcher to send a run; the service is the message group, so that a slow one crowds out none.

    Parameters
    ----------
    delay : timedelta, optional
        None leaves the run to the sweep.
    is_place_free : bool
        Whether the run has left a place at its service, which another one may have.
    """
    wanted = [] if delay is None else [(message_of(run), math.ceil(delay.total_seconds()))]
    for message, seconds in [*wanted, *([(_wake(run.service_id), 0)] if is_place_free else [])]:
        _put(message, run.service_id, seconds)


def wake(service_id: int) -> None:
    """Have runs sent that wait for this service."""
    _put(_wake(service_id), service_id)


def message_of(run: Run) -> dict[str, Any]:
    """Return what the dispatcher must know of a run to claim it."""
    bound = {} if run.answer_by is None else {"answer_by": clock.iso(run.answer_by)}
    return {"run": run.id, "attempt": run.attempt, "timeout": run.timeout, **bound}


def _wake(service_id: int) -> dict[str, Any]:
    return {"wake": service_id}


def _put(message: dict[str, Any], service_id: int, delay_seconds: int = 0) -> None:
    try:
        aws.send("dispatch", message, delay_seconds=delay_seconds, group=str(service_id))
    except (BotoCoreError, ClientError):
        LOGGER.warning("the sweep will find what is due: the dispatch queue did not take a message", exc_info=True)
