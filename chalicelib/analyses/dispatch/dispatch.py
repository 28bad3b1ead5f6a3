"""Sending a run to its service. Whatever happens in between, the sweep goes on from it.

claim → admit → gather → correct → render → keep → add secrets → post → record: each takes what the one before gave.
"""

from datetime import datetime

from chalicelib import clock
from chalicelib.analyses.dispatch import pauses, waiting
from chalicelib.analyses.dispatch.admit import is_admitted
from chalicelib.analyses.dispatch.claim import claim
from chalicelib.analyses.dispatch.correct_extinction import correct
from chalicelib.analyses.dispatch.document import document_of, passed_on
from chalicelib.analyses.dispatch.gather import gather
from chalicelib.analyses.dispatch.outcome import record
from chalicelib.analyses.dispatch.render_inputs import render
from chalicelib.analyses.dispatch.secrets import with_secrets
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.acceptance import end
from chalicelib.analyses.run import max_in_flight, objects
from chalicelib.analyses.run.max_in_flight import RunMovedOn
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import State
from chalicelib.http.errors import ApiError
from chalicelib.http.logs import LOGGER
from chalicelib.outgoing.post import post_json
from chalicelib.services.items.service import Service
from chalicelib.settings import settings


def dispatch(run_id: int, attempt: int, timeout_seconds: float, answer_by: datetime | None = None) -> None:
    """Send a run to its service, which then has `timeout_seconds` to answer, but not longer than until `answer_by`.

    A message whose attempt is not the record's is dropped: the run has been sent again, or has ended.

    Raises
    ------
    LeaseHeld
        Another dispatcher has claimed the same attempt a moment ago.
    """
    run = claim(run_id, attempt, timeout_seconds, answer_by)
    if run is None:
        return
    service, health = waiting.destination(run.service_id)
    try:
        if service is None:
            end(run, State.FAILURE, "The analysis service does not exist any more.")
        elif run.answer_by is not None and clock.now() >= run.answer_by:
            end(
                run,
                State.FAILURE,
                "The analysis could not be sent in time: the portal that asked for it waits no longer.",
            )
        elif is_admitted(run, service, health):
            _send_or_end(run, service, health)
    except (Overtaken, RunMovedOn):
        LOGGER.info("the run moved on while it was dispatched", extra={"run": run.id})
        max_in_flight.give_back_of_ended(run)


def _send_or_end(run: Run, service: Service, health: Health | None) -> None:
    try:
        _send(run, service, health)
    except ApiError as error:  # of what is gathered: the object is gone, or cannot be corrected any more
        end(run, State.FAILURE, f"The data of the object could not be assembled: {error.message}")


def _send(run: Run, service: Service, health: Health | None) -> None:
    if run.relay_id is not None:
        document = passed_on(run)
    elif run.keeps_inputs:
        document = document_of(run, objects.inputs_of(run))
    else:
        parameters = objects.parameters_of(run)
        gathered = gather(run, parameters, service.input_data_types)
        corrected = correct(gathered)
        document = document_of(run, render(corrected, service.input_data_types))
    objects.put_json(objects.inputs_key(run.id), document)
    complete = with_secrets(run, service, document)
    outcome = post_json(
        service.url,
        complete.body,
        complete.headers,
        complete.auth,
        allowed_hosts=settings().allowed_hosts,
        secrets=complete.secrets,
    )
    try:
        record(run, outcome)
    finally:
        pauses.learn(run.service_id, run.id, health, outcome)
