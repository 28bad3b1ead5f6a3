"""Sending a run to its service: claim, assemble, post, mark. Whatever happens in between, the sweep goes on from it."""

import math
import random
from typing import Any

from chalicelib import clock
from chalicelib.analyses import lifecycle
from chalicelib.analyses.dispatch import attempts, inputs, pauses, waiting
from chalicelib.analyses.dispatch.language_model import addition
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.results.acceptance import adopt_stored_result
from chalicelib.analyses.run import in_flight, objects, transitions, webhook_token
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.run.in_flight import RunMovedOn
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.start.start import send_to_dispatch
from chalicelib.http.encoding import json_bytes
from chalicelib.http.errors import ApiError
from chalicelib.http.logs import LOGGER
from chalicelib.outgoing.post import Outcome, post_json
from chalicelib.services import signing
from chalicelib.services.credentials import apply, credentials_of, secrets_of
from chalicelib.services.items.service import Service
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
    service, health = waiting.destination(run.service_id)
    try:
        if service is None:
            _end(run, State.FAILURE, "The analysis service does not exist any more.")
        elif _may_go(run, service, health):
            _send(run, service, health)
    except (Overtaken, RunMovedOn):
        LOGGER.info("the run moved on while it was dispatched", extra={"run": run.id})
        _free_place_of_ended(run)


def _send(run: Run, service: Service, health: Health | None) -> None:
    try:
        sent = inputs.document(run, inputs.of_run(run, list(service.input_data_types)))
    except ApiError as error:
        _end(run, State.FAILURE, f"The data of the object could not be assembled: {error.message}")
        return
    objects.put_json(objects.inputs_key(run.id), inputs.kept(sent))
    outcome = _post(service, run, sent)
    try:
        _mark(run, outcome)
    finally:
        pauses.learn(run.service_id, run.id, health, outcome)


def _claim(run_id: int, attempt: int, timeout_seconds: float) -> Run | None:
    """Take the run for this process, and set when its token expires; None if there is nothing to send."""
    run = Run(run_id)
    now = clock.now()
    try:
        transitions.note(
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


def _may_go(run: Run, service: Service, health: Health | None) -> bool:
    """Say whether a run is sent now; if not, it has ended or waits."""
    if service.deleted_at:
        delete(run)  # it was started while the service was deleted
        return False
    if not service.enabled:
        _end(run, State.FAILURE, "The analysis service was disabled before the analysis could be sent.")
        return False
    until = pauses.wait_until(health)
    if health is not None and until is not None:
        if until > run.send_before:
            reason = waiting.pause_reason(health)
            _end(run, State.FAILURE, f"The analysis could not be sent in time: {reason}")
        else:
            waiting.wait_for_end_of_pause(run, health, until)
        return False
    if service.max_in_flight is not None and not in_flight.take(run, service.max_in_flight):
        waiting.wait_for_place(run, service.max_in_flight)
        pauses.end_trial(health)
        return False
    return True


def _free_place_of_ended(run: Run) -> None:
    """Free the place of a run that ended after it was given one and before it was known to have it."""
    if not run.holds_place:
        return
    stored = Run.find(run.id)
    if stored is None or stored.state not in lifecycle.OPEN:
        in_flight.give_back(run.service_id, {run.id})


def _post(service: Service, run: Run, sent: dict[str, Any]) -> Outcome:
    credentials = credentials_of(service)
    added = addition(run, service)
    document, headers, auth = apply(credentials, added.to(sent), {})
    body = json_bytes(document)
    outcome = post_json(
        service.url,
        body,
        {**headers, **signing.headers_of(service, f"analysis_{run.id}", body)},
        auth,
        allowed_hosts=settings().allowed_hosts,
        # services echo what they get, and their answer is shown
        secrets=(*secrets_of(credentials), *added.secrets, webhook_token.token_of(run.id)),
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
    """Record what became of the attempt; a result that has overtaken it stands.

    Raises
    ------
    Overtaken
        The run has ended, or was sent again.
    """
    try:
        if outcome.kind in {"taken", "unknown"}:
            first_look = min(clock.now() + lifecycle.FIRST_DELAY, run.invalid_after + lifecycle.GRACE)
            made = [Run.attempts.set(attempts.with_outcome(run, outcome))]
            same = Run.attempt == run.attempt
            transitions.move(run, State.PENDING, outcome.text, actions=made, due=first_look, condition=same)
        elif outcome.kind == "refused":
            _end(run, State.FAILURE, f"The service refused the analysis. {_reason(outcome)}", outcome)
        else:
            _try_again(run, outcome)
    except Overtaken:
        _keep_attempt(run, outcome)
        raise


def _keep_attempt(run: Run, outcome: Outcome) -> None:
    """Record an attempt whose run has ended in the meantime."""
    try:
        transitions.note(
            Run(run.id),
            [Run.attempts.set(attempts.with_outcome(run, outcome))],
            (Run.status != str(State.DELETED)) & (Run.attempt == run.attempt),
        )
    except Overtaken:
        LOGGER.info("the run of an attempt is gone or was sent again", extra={"run": run.id})


def _try_again(run: Run, outcome: Outcome) -> None:
    """Plan the next attempt, or end the run if it would come too late."""
    now = clock.now()
    delay = lifecycle.retry_delay(run.tries + 1, outcome.retry_after_seconds, _random)
    if now + delay > run.send_before:
        _end(run, State.FAILURE, f"The service did not take the analysis in time. {_reason(outcome)}", outcome)
        return
    next_try = now + delay
    by_queue = delay <= lifecycle.LONGEST_DELAY
    transitions.leave_place(run)
    transitions.note(
        run,
        [
            Run.attempt.set(run.attempt + 1),
            Run.tries.set(run.tries + 1),
            Run.attempts.set(attempts.with_outcome(run, outcome, next_try)),
            Run.lease_until.remove(),
            Run.last_activity.set(now),
            Run.status_message.set(transitions.shortened(transitions.waiting_message(_reason(outcome), next_try))),
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


def _end(run: Run, state: State, message: str, outcome: Outcome | None = None) -> None:
    """End a run that cannot be sent, unless its result has arrived after all.

    Raises
    ------
    Overtaken
        The run ended in another way.
    """
    if adopt_stored_result(run, settled_only=False):
        return
    made = [] if outcome is None else [Run.attempts.set(attempts.with_outcome(run, outcome))]
    transitions.move(run, state, message, actions=made)
