"""Sending a run to its service: claim, assemble, post, mark. Whatever happens in between, the sweep goes on from it."""

import json
import math
import random
from datetime import datetime
from typing import Any

from chalicelib import clock
from chalicelib.analyses import inputs, lifecycle, moves, objects, tokens
from chalicelib.analyses.acceptance import adopt_stored_result
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.model import Run
from chalicelib.analyses.moves import Overtaken
from chalicelib.analyses.start import send_to_dispatch
from chalicelib.http.errors import ApiError
from chalicelib.http.logs import LOGGER
from chalicelib.services.credentials import apply, credentials_of, secrets_of
from chalicelib.services.model import SERVICE_SK, Service
from chalicelib.services.outgoing import Outcome, post_json
from chalicelib.settings import settings

_random = random.SystemRandom()


class LeaseHeld(Exception):
    """Another dispatcher is sending this run; the message is to come back later."""


def dispatch(run_id: int, attempt: int, timeout_seconds: float) -> None:
    """Send a run to its service, which then has `timeout_seconds` to answer.

    A message whose attempt is not the record's is dropped: the run has been sent again, or has ended.

    Raises
    ------
    LeaseHeld
        Another dispatcher has claimed the same attempt a moment ago.
    """
    run = _claim(run_id, attempt, timeout_seconds)
    if run is None:
        return
    service = _service(run)
    if isinstance(service, str):
        _end(run, State.FAILURE, service)
        return
    try:
        sent = inputs.document(run, inputs.assemble(run, list(service.input_data_types)))
    except ApiError as error:
        _end(run, State.FAILURE, f"The data of the object could not be assembled: {error.message}")
        return
    objects.put_json(objects.inputs_key(run.id), inputs.kept(sent))
    _mark(run, _post(service, run, sent))


def _claim(run_id: int, attempt: int, timeout_seconds: float) -> Run | None:
    """Take the run for this process, and set when its token expires; None if there is nothing to send."""
    run = Run(run_id)
    now = clock.now()
    try:
        moves.note(
            run,
            [
                Run.lease_until.set(now + lifecycle.LEASE),
                Run.invalid_after.set(lifecycle.invalid_after(now, timeout_seconds)),
                *run.due_at(now + lifecycle.LEASE),
            ],
            (Run.status == str(State.QUEUED))
            & (Run.attempt == attempt)
            & (Run.lease_until.does_not_exist() | (Run.lease_until < now)),
        )
    except Overtaken:
        stored = Run.find(run_id)
        if stored is not None and stored.state is State.QUEUED and stored.attempt == attempt:
            raise LeaseHeld(f"run {run_id} is being sent by another dispatcher") from None
        return None
    return run


def _service(run: Run) -> Service | str:
    """Return the service, or why it cannot be used."""
    try:
        service = Service.get(run.service_id, SERVICE_SK)
    except Service.DoesNotExist:
        return "The analysis service was deleted."
    if service.deleted_at:
        return "The analysis service was deleted."
    if not service.enabled:
        return "The analysis service was disabled before the analysis could be sent."
    return service


def _post(service: Service, run: Run, sent: dict[str, Any]) -> Outcome:
    credentials = credentials_of(service)
    document, headers, auth = apply(credentials, sent, {})
    outcome = post_json(
        service.url,
        json.dumps(document).encode(),
        headers,
        auth,
        allowed_hosts=settings().allowed_hosts,
        # services echo what they get, and their answer is shown
        secrets=(*secrets_of(credentials), tokens.token_of(run.id)),
    )
    LOGGER.info(
        "dispatched",
        extra={
            "run": run.id,
            "service": run.service_id,
            "attempt": run.attempt,
            "outcome": outcome.kind,
            "http_status": outcome.http_status,
            "milliseconds": outcome.milliseconds,
        },
    )
    return outcome


def _mark(run: Run, outcome: Outcome) -> None:
    """Record what became of the attempt, unless a result has overtaken it."""
    try:
        if outcome.kind in {"taken", "unknown"}:
            first_look = min(clock.now() + lifecycle.FIRST_DELAY, run.invalid_after + lifecycle.GRACE)
            moves.move(run, State.PENDING, outcome.text, due=first_look, condition=Run.attempt == run.attempt)
        elif outcome.kind == "refused":
            _end(run, State.FAILURE, f"The service refused the analysis. {_reason(outcome)}")
        else:
            _try_again(run, outcome)
    except Overtaken:
        LOGGER.info("a result overtook its acknowledgement", extra={"run": run.id})


def _try_again(run: Run, outcome: Outcome) -> None:
    """Plan the next attempt, or end the run if it would come too late."""
    now = clock.now()
    delay = lifecycle.retry_delay(run.attempt, outcome.retry_after_seconds, _random)
    if now + delay > run.send_before:
        _end(run, State.FAILURE, f"The service did not take the analysis in time. {_reason(outcome)}")
        return
    next_try = now + delay
    by_queue = delay <= lifecycle.LONGEST_DELAY
    moves.note(
        run,
        [
            Run.attempt.set(run.attempt + 1),
            Run.lease_until.remove(),
            Run.last_activity.set(now),
            Run.status_message.set(moves.shortened(waiting_message(_reason(outcome), next_try))),
            *run.due_at(next_try + lifecycle.FIRST_DELAY if by_queue else next_try),
        ],
        (Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt),
    )
    if by_queue:
        send_to_dispatch(run, delay_seconds=math.ceil(delay.total_seconds()))


def _reason(outcome: Outcome) -> str:
    """Return why the service did not take a run: its answer with the HTTP status, or what went wrong before."""
    if outcome.http_status is None:
        return outcome.text
    return f"It answered HTTP {outcome.http_status}: {outcome.text}".strip(" :") + "."


def waiting_message(reason: str, next_try: datetime) -> str:
    """Say why a run waits and when it is tried next."""
    return f"Waiting: {reason} Next try at {next_try.isoformat(timespec='seconds')} UTC."


def _end(run: Run, state: State, message: str) -> None:
    """End a run that cannot be sent, unless its result has arrived after all."""
    if adopt_stored_result(run, settled_only=False):
        return
    try:
        moves.move(run, state, message)
    except Overtaken:
        LOGGER.info("the run ended in another way", extra={"run": run.id})
