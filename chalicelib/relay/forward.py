"""Forwarding the end of a run to the portal that asked for it: once, and until the portal has it or wants it no more.

Whatever dies in between, the run stays due: the clock has it looked at again. A portal that took an end says so when it
gets the same one again, and that counts as done.
"""

import math
import random
from datetime import datetime
from typing import Any

from pynamodb.expressions.condition import Condition

from chalicelib import aws, clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.items.relayed import FORWARDED, GIVEN_UP, WAITING, Relayed
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run import transitions
from chalicelib.analyses.run.sealed import opened
from chalicelib.analyses.run.transitions import Overtaken
from chalicelib.analyses.states import OPEN, State
from chalicelib.http.logs import LOGGER
from chalicelib.relay.delivery import Delivered, deliver
from chalicelib.relay.result import body_of
from chalicelib.relay.waiting import LEASE, acknowledged, next_try

_random = random.SystemRandom()
_MOST_ATTEMPTS = 30
"""That are kept, the latest."""


def forward(run_id: int) -> None:
    """Forward the end of a run, if it has one and it is time."""
    relayed, run = Relayed.find(run_id), Run.find(run_id)
    if relayed is None or run is None or relayed.state != WAITING or not _is_ready(run):
        return
    now = clock.now()
    earliest = max(acknowledged(relayed.acknowledged_at), relayed.next_try or relayed.acknowledged_at)
    if now < earliest:
        _come_back(run_id, earliest, now)
        return
    claimed = _claim(relayed, now)
    if claimed is None:
        return
    answer = deliver(opened(claimed.relay_id, claimed.callback), body_of(run, as_links=claimed.too_large))
    _record(claimed, answer)


def _is_ready(run: Run) -> bool:
    """Say whether it is known how a run ended, and what it brought can be read; otherwise we are told again."""
    if run.state in OPEN:
        return False
    return run.state is State.DELETED or run.receipt is None or run.collected_at is not None


def _come_back(run_id: int, moment: datetime, now: datetime) -> None:
    """Look again in time: by a delayed message, which may come later than that by the clock alone."""
    wait = moment - now
    if wait <= timing.LONGEST_DELAY:
        aws.send("relay", {"run": run_id}, delay_seconds=math.ceil(wait.total_seconds()))


def _claim(relayed: Relayed, now: datetime) -> Relayed | None:
    """Take it for this process; None if another one has it."""
    free = Relayed.lease_until.does_not_exist() | (Relayed.lease_until < now)
    actions = [Relayed.lease_until.set(now + LEASE), *_due(relayed, now + LEASE)]
    claimed = Relayed(relayed.analysis_id)
    same = (Relayed.state == WAITING) & (Relayed.tries == relayed.tries)
    return claimed if _changed(claimed, actions, same & free) else None


def _record(relayed: Relayed, answer: Delivered) -> None:
    """Note an answer and what follows; if the portal asked again meanwhile, it is told again."""
    now, tries = clock.now(), relayed.tries + 1
    later: datetime | None = None
    state = WAITING
    match answer.verdict:
        case "taken" | "known":
            state = FORWARDED
        case "expired" | "refused":
            state = GIVEN_UP
        case "too_large":
            state, later = (GIVEN_UP, None) if relayed.too_large else (WAITING, now)
        case "again":
            later = next_try(now, tries, answer.retry_after_seconds, relayed.valid_until, _random)
            state = WAITING if later is not None else GIVEN_UP
    row = {
        "at": clock.iso(now),
        "http_status": answer.http_status,
        "text": answer.text,
        "next_try": None if later is None else clock.iso(later),
    }
    noted: list[Any] = [
        Relayed.tries.set(tries),
        Relayed.attempts.set([*(relayed.attempts or []), row][-_MOST_ATTEMPTS:]),
        Relayed.lease_until.remove(),
        *([Relayed.forwarded_at.set(now)] if state == FORWARDED else []),
        *([Relayed.too_large.set(True)] if answer.verdict == "too_large" else []),
    ]
    mine = Relayed.lease_until == relayed.lease_until
    follows = [
        Relayed.state.set(state),
        Relayed.next_try.remove() if later is None else Relayed.next_try.set(later),
        *_due(relayed, None if later is None else later + timing.FIRST_DELAY),
    ]
    as_seen = mine & (Relayed.asks == relayed.asks) & (Relayed.state == WAITING)
    if _changed(relayed, [*noted, *follows], as_seen):
        _show(relayed.analysis_id)
        if later is not None:
            _come_back(relayed.analysis_id, later, now)
        return
    LOGGER.info("a relayed run was asked for again, or repeated, while it was forwarded")
    if _changed(relayed, [*noted, Relayed.due.set(now)], mine & (Relayed.state == WAITING)):
        aws.send("relay", {"run": relayed.analysis_id})
    else:
        _changed(relayed, noted, mine)


def _show(run_id: int) -> None:
    """Tell whoever watches that there is something new about a run."""
    try:
        transitions.note(Run(run_id), [], Run.status != str(State.DELETED))
    except Overtaken:
        LOGGER.info("a run was deleted while it was forwarded", extra={"run": run_id})


def _due(relayed: Relayed, moment: datetime | None) -> list[Any]:
    if moment is None:
        return [Relayed.due.remove(), Relayed.due_shard.remove()]
    return [Relayed.due.set(moment), Relayed.due_shard.set(shard_of(relayed.analysis_id))]


def _changed(relayed: Relayed, actions: list[Any], condition: Condition) -> bool:
    return transactions.holds(lambda: relayed.update(actions=actions, condition=condition))
