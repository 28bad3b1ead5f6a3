"""What a run owes to the portal that asked for it, when the clock looks: the relay's function is told again."""

import time
from typing import Any

from chalicelib import aws, clock, transactions
from chalicelib.analyses import timing
from chalicelib.analyses.items.relayed import Relayed
from chalicelib.analyses.items.run import Run

_KEPT_SECONDS = 14 * 24 * 3600
"""Longer than any portal waits for a result."""


def remind(run_id: int) -> None:
    """Have the relay look at a run, and later again, until it says that nothing is owed: what the sweep does."""
    relayed = Relayed.find(run_id)
    if relayed is None or relayed.due is None:
        return
    later = clock.now() + timing.look_again_delay(relayed.looks)
    looked: list[Any] = [Relayed.looks.set(relayed.looks + 1), Relayed.due.set(later)]
    if transactions.holds(lambda: relayed.update(actions=looked, condition=Relayed.due == relayed.due)):
        aws.send("relay", {"run": run_id})  # else somebody else looks


def expire(run: Run) -> None:
    """Have what a deleted run owes forgotten in the end; until then its portal may still have to be told."""
    if run.relay_id is not None:
        Relayed(run.id).update(actions=[Relayed.expires.set(int(time.time()) + _KEPT_SECONDS)])
