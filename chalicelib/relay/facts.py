"""What is known of a run that came through a relay: from where, and what became of its end there."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.relayed import WAITING, Relayed
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run.access import readable
from chalicelib.http.errors import NotFound
from chalicelib.services.items.service import Service


def relay_facts(caller: Caller, analysis_id: int) -> dict[str, Any]:
    """Return the facts about a run to whoever may read it; the portal's words as well.

    Raises
    ------
    Forbidden
        The caller cannot read it.
    NotFound
        It did not come through a relay.
    """
    run, service = readable(caller, analysis_id)
    return _record(owed_for(run), service)


def owed_for(run: Run) -> Relayed:
    """Return what a run owes; raise NotFound if nobody else asked for it."""
    relayed = None if run.relay_id is None else Relayed.find(run.id)
    if relayed is None:
        raise NotFound("This analysis did not come through a relay.")
    return relayed


def _record(relayed: Relayed, service: Service | None) -> dict[str, Any]:
    attempts: list[dict[str, Any]] = relayed.attempts or []
    answer = attempts[-1] if attempts else None
    return {
        "relay_id": relayed.relay_id,
        "resource_type": "obj",
        "resource_id": relayed.resource_id,
        "origin": relayed.origin,
        "service": None if service is None else service.display_name or service.name,
        "received_at": relayed.received_at,
        "asks": relayed.asks,
        "valid_until": relayed.valid_until,
        "state": relayed.state,
        "forwarded_at": relayed.forwarded_at,
        "answer": None if answer is None else {"http_status": answer["http_status"], "text": answer["text"]},
        "tries": relayed.tries,
        "next_try_at": relayed.next_try if relayed.state == WAITING else None,
        "attempts": attempts,
        "pulled": relayed.pulled,
    }
