"""Pauses of services that fail again and again: their runs wait, and one at a time tries whether it is back."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pynamodb.expressions.condition import Condition

from chalicelib import clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.items.health import Health
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run import dispatch_queue, listeners

if TYPE_CHECKING:  # who reads a service's health calls nobody
    from chalicelib.outgoing.post import Outcome


def wait_until(health: Health | None) -> datetime | None:
    """Return until when nothing is sent to a service, or None; whoever gets None from a paused one is its trial."""
    if health is None or health.pauses == 0:
        return None
    now = clock.now()
    if is_closed_to(health, now):
        return max(moment for moment in (health.paused_until, health.trial_until) if moment is not None)
    until = now + timing.LEASE
    free = Health.trial_until.does_not_exist() | (Health.trial_until < now)
    return None if _changed(health, [Health.trial_until.set(until)], _same_pause(health) & free) else until


def is_closed_to(health: Health, now: datetime) -> bool:
    """Say whether a service is paused, or being tried by another run."""
    return any(moment is not None and moment > now for moment in (health.paused_until, health.trial_until))


def learn(service_id: int, run_id: int, health: Health | None, outcome: "Outcome") -> None:
    """Take note of what became of a dispatch; costs nothing while all goes well."""
    if outcome.kind == "retry":
        _failed(service_id, run_id, health)
    elif health is not None and outcome.http_status is not None and (health.failures or health.pauses):
        _recovered(health)
    else:
        end_trial(health)


def end_trial(health: Health | None) -> None:
    """Let another run try a service, if it is paused: this one learned nothing of it."""
    if health is not None and health.pauses:
        _changed(health, [Health.trial_until.remove(), *_look_at(health.analysis_id, clock.now())], _same_pause(health))


def _failed(service_id: int, run_id: int, health: Health | None) -> None:
    now = clock.now()
    seen = Health(service_id)
    actions: list[Any] = [Health.failures.add(1)]
    if health is None or len(health.failed_runs) < timing.RUNS_TO_PAUSE:
        actions.append(Health.failed_runs.add({run_id}))
    seen.update(actions=actions)
    if seen.pauses:
        if health is not None and health.pauses == seen.pauses and not (seen.paused_until and seen.paused_until > now):
            _pause(seen, now)
    elif timing.is_to_pause(seen.failures, len(seen.failed_runs)):
        _pause(seen, now)


def _pause(health: Health, now: datetime) -> None:
    until = now + timing.pause_length(health.pauses)
    begins = not health.pauses
    changed = _changed(
        health,
        [
            Health.pauses.set(health.pauses + 1),
            *([Health.paused_at.set(now)] if begins else []),
            Health.paused_until.set(until),
            Health.trial_until.remove(),
            *_look_at(health.analysis_id, until),
        ],
        _same_pause(health),
    )
    if changed and begins:
        listeners.tell({"service": health.analysis_id})


def _recovered(health: Health) -> None:
    now, was_paused = clock.now(), bool(health.pauses)
    _changed(
        health,
        [
            Health.failures.set(0),
            Health.pauses.set(0),
            Health.failed_runs.remove(),
            Health.paused_until.remove(),
            Health.trial_until.remove(),
            *(
                [Health.resumed_at.set(now), *_look_at(health.analysis_id, now + timing.FIRST_DELAY)]
                if was_paused
                else []
            ),
        ],
        _same_pause(health),
    )
    if was_paused:
        dispatch_queue.wake(health.analysis_id)
        listeners.tell({"service": health.analysis_id})


def _same_pause(health: Health) -> Condition:
    same: Condition = Health.pauses == health.pauses
    return same if health.pauses else same | Health.pauses.does_not_exist()


def _look_at(service_id: int, moment: datetime) -> list[Any]:
    return [Health.due.set(moment), Health.due_shard.set(shard_of(service_id))]


def _changed(health: Health, actions: list[Any], condition: Condition) -> bool:
    return transactions.holds(lambda: health.update(actions=actions, condition=condition))
