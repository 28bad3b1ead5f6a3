"""Taking what another portal posts to a relay: recorded before it is answered, and once however often it comes."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock, transactions
from chalicelib.analyses.items.relayed import FORWARDED, WAITING, Relayed
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run.sealed import seal
from chalicelib.analyses.start.relayed import Asked, begin, begun_before
from chalicelib.analyses.start.store_run import AlreadyStarted
from chalicelib.http.errors import Forbidden
from chalicelib.http.logs import LOGGER
from chalicelib.http.logs import run as logged_run
from chalicelib.http.parsing import validated
from chalicelib.http.reading import json_object
from chalicelib.relay.asked import AskedBody, Wanted, wanted_of
from chalicelib.relay.items.relay import Relay
from chalicelib.relay.waiting import acknowledged
from chalicelib.services.items.service import Service


def receive(relay: Relay, raw: bytes) -> dict[str, Any]:
    """Record what is asked for and return what the portal shows as the first message.

    Raises
    ------
    BadRequest, Forbidden
        It is not what SkyPortal sends, is to be forwarded elsewhere, or the service is not to be had.
    """
    document = json_object(raw)
    wanted = wanted_of(validated(AskedBody, document), document, relay.callback_hosts)
    service = Service.of_id(relay.service_id)
    if service is None or service.deleted_at or not service.enabled or service.upload_only:
        raise Forbidden("The service of this relay is gone or disabled.")
    try:
        run_id = begin(_asked(relay, wanted), service).id
    except AlreadyStarted:
        run_id = _once_more(relay, wanted)
    else:
        _ask_for_source(relay, run_id)
    logged_run.set(run_id)
    return {"id": run_id, "message": f"Recorded as analysis {run_id}; it is on its way to {service.name}."}


def _asked(relay: Relay, wanted: Wanted) -> Asked:
    return Asked(
        relay_id=relay.id,
        author_id=relay.author_id,
        group_ids=frozenset(relay.group_ids),
        document=wanted.document,
        sealed_key=None if wanted.key is None else seal(relay.id, wanted.key),
        callback=seal(relay.id, wanted.callback_url),
        callback_digest=wanted.callback_digest,
        origin=wanted.origin,
        valid_until=wanted.valid_until,
    )


def _once_more(relay: Relay, wanted: Wanted) -> int:
    """Note that the portal asked again: after our answer it takes the run for open, whatever it was told before."""
    run_id = begun_before(relay.id, wanted.callback_digest)
    if run_id is None:
        raise RuntimeError("a run was started before, and is not there")
    now = clock.now()
    asked: list[Any] = [
        Relayed.asks.add(1),
        Relayed.acknowledged_at.set(now),
        Relayed.state.set(WAITING),
        Relayed.due.set(acknowledged(now)),
        Relayed.due_shard.set(shard_of(run_id)),
    ]
    is_owed = Relayed.state.is_in(WAITING, FORWARDED)
    if transactions.holds(lambda: Relayed(run_id).update(actions=asked, condition=is_owed)):
        _tell(run_id)
    return run_id


def _tell(run_id: int) -> None:
    try:
        aws.send("relay", {"run": run_id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("the sweep will find what is due: the relay queue did not take a message", exc_info=True)


def _ask_for_source(relay: Relay, run_id: int) -> None:
    if relay.pull_url is None:
        return
    try:
        aws.send("relay", {"run": run_id, "pull": relay.id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("the source of a relayed run will not be copied: the queue did not take it", exc_info=True)
