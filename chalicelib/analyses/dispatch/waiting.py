"""Runs that wait for a service, because it has as many as it may have or is paused, and how they go on."""

from datetime import datetime, timedelta
from typing import NamedTuple

from chalicelib import clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.dispatch import pauses
from chalicelib.analyses.items.health import HEALTH_SK, Health
from chalicelib.analyses.items.in_flight import InFlight
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.run import dispatch_queue, listeners, max_in_flight, transitions
from chalicelib.analyses.run.max_in_flight import RunMovedOn
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import OPEN, State
from chalicelib.http.logs import LOGGER
from chalicelib.services.items.service import SERVICE_SK, Service

_WOKEN_AT_ONCE = 25
_LOOKED_AT = 200
"""Runs in flight that one sweep looks at, the oldest first."""

_RECHECK = timedelta(hours=1)
"""A waiting run is woken; should its waking be lost, it is sent by itself after this time."""


_LAG = timedelta(minutes=5)
"""Longer than the index by waiting may lag behind, and than a trial may last."""


class Destination(NamedTuple):
    """Where a run is sent to."""

    service: Service | None
    health: Health | None


def destination(service_id: int) -> Destination:
    """Read a service and how sending to it went lately, in one consistent call."""
    service, health = transactions.read(
        lambda reading: (
            reading.get(Service, service_id, SERVICE_SK),
            reading.get(Health, service_id, HEALTH_SK),
        )
    )
    try:
        found_service: Service | None = service.get()
    except Service.DoesNotExist:
        found_service = None
    try:
        found_health: Health | None = health.get()
    except Health.DoesNotExist:
        found_health = None
    return Destination(found_service, found_health)


def wait_for_place(run: Run, most: int) -> None:
    """Let a run wait, up to a day, until the service has one less."""
    patience = max(run.send_before, timing.send_before(run.created_at, run.timeout, patient=True))
    patience = patience if run.answer_by is None else min(patience, run.answer_by)
    reason = f"Waiting: the service is given {most} analyses at a time. This one is sent when there is a place."
    _wait(run, reason, patience)
    max_in_flight.look_by(InFlight(run.service_id), clock.now() + timing.FIRST_DELAY)


def wait_for_end_of_pause(run: Run, health: Health, until: datetime) -> None:
    """Let a run wait until the service has been tried by another one, which may need its place."""
    _wait(run, transitions.waiting_message(pause_reason(health), until), run.send_before)
    max_in_flight.look_by(health, until)


def pause_reason(health: Health) -> str:
    """Say why a service is paused."""
    return f"the service could not be reached {health.failures} times in a row and is paused."


def _wait(run: Run, message: str, send_before: datetime) -> None:
    due = min(send_before, clock.now() + _RECHECK)
    if transitions.wait(run, message, due, [Run.send_before.set(send_before), Run.waits_for.set(run.service_id)]):
        dispatch_queue.wake(run.service_id)


def wake(service_id: int) -> int:
    """Send runs that wait for a service, the oldest first, as many as it may have now; return how many."""
    service, health = destination(service_id)
    paused = health is not None and health.pauses > 0
    if health is not None and paused and pauses.is_closed_to(health, clock.now()):
        return 0
    most = 1 if paused else _WOKEN_AT_ONCE
    limit = service.max_in_flight if service is not None and service.enabled and not service.deleted_at else None
    woken = 0
    for key in Run.by_waiting.query(service_id, limit=most):
        run = Run.find(key.analysis_id)
        if run is None or run.waits_for is None:
            continue  # the index lags behind
        try:
            if limit is not None and not max_in_flight.take(run, limit):
                return woken
            _send(run)
        except (Overtaken, RunMovedOn):
            LOGGER.info("a waiting run moved on while it was woken", extra={"run": run.id})
        woken += 1
    if woken == _WOKEN_AT_ONCE:
        dispatch_queue.wake(service_id)
    return woken


def _send(run: Run) -> None:
    transitions.note(
        run,
        [
            Run.attempt.set(run.attempt + 1),
            Run.waits_for.remove(),
            *transitions.due_at(run, clock.now() + timing.FIRST_DELAY),
        ],
        (Run.status == str(State.QUEUED)) & (Run.attempt == run.attempt) & Run.waits_for.exists(),
    )
    dispatch_queue.send(run)


def tend_places(service_id: int) -> None:
    """Free the places of runs that have ended, and send those that wait for them: what the sweep does."""
    held = InFlight(service_id)
    max_in_flight.look_again(held)
    oldest = sorted(held.in_flight)[:_LOOKED_AT]
    found = {run.id: run for run in Run.batch_get([(number, RUN_SK) for number in oldest], consistent_read=True)}
    ended = {number for number in oldest if number not in found or found[number].state not in OPEN}
    if ended:
        max_in_flight.give_back(service_id, ended)
    if not wake(service_id) and ended == held.in_flight:
        max_in_flight.look_no_more(held)


def tend_health(service_id: int) -> None:
    """Try a paused service with one of the runs that wait, or let all of them go when it is well again."""
    seen = Health(service_id)
    max_in_flight.look_again(seen)
    listeners.tell({"service": service_id})
    woken = wake(service_id)
    if not (woken or _is_hoped_for(seen)):
        max_in_flight.look_no_more(seen)


def _is_hoped_for(health: Health) -> bool:
    """Say whether runs may still wait for the end of a pause that the index does not show yet, or a trial is on."""
    return health.paused_until is not None and health.paused_until > clock.now() - _LAG
