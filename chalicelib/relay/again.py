"""Forwarding once more, because somebody asks for it."""

from typing import Any

from chalicelib import aws, clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.relayed import WAITING, Relayed
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run.access import of_author
from chalicelib.analyses.states import OPEN
from chalicelib.http.errors import BadRequest
from chalicelib.relay.facts import owed_for


def forward_again(caller: Caller, analysis_id: int) -> None:
    """Have the end of a run forwarded once more, whatever became of that before.

    Raises
    ------
    Forbidden
        Neither its author nor a System admin.
    NotFound
        It did not come through a relay.
    BadRequest
        It has not ended, or is being forwarded at this moment.
    """
    run = of_author(caller, analysis_id)
    owed_for(run)
    if run.state in OPEN:
        raise BadRequest("This analysis has not ended: there is nothing to forward yet.")
    now = clock.now()
    anew: list[Any] = [
        Relayed.state.set(WAITING),
        Relayed.next_try.remove(),
        Relayed.too_large.set(False),
        Relayed.due.set(now),
        Relayed.due_shard.set(shard_of(run.id)),
        Relayed.looks.set(0),
    ]
    is_free = Relayed.lease_until.does_not_exist() | (Relayed.lease_until < now)
    if not transactions.holds(lambda: Relayed(run.id).update(actions=anew, condition=is_free)):
        raise BadRequest("This analysis is being forwarded at this moment.")
    aws.send("relay", {"run": run.id})
