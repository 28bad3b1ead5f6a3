"""Recording a run that another portal asks for through a relay: it comes with its document, and with nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses import timing
from chalicelib.analyses.bodies import ChangedAnalysis
from chalicelib.analyses.items.event_marker import EventMarker
from chalicelib.analyses.items.relayed import RELAYED_SK, SUPERSEDED, WAITING, Relayed
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.run import dispatch_queue, list_entries, moved, objects
from chalicelib.analyses.start.file_parameters import shown
from chalicelib.analyses.start.start import FIRST_LOOK, Origin, check_is_called, usable_service
from chalicelib.analyses.start.store_run import AlreadyStarted, store, under_free_id
from chalicelib.analyses.states import State
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import check_parameters

_LONGEST_MARGIN = timedelta(minutes=3)
_SILENCE = timedelta(seconds=130)
"""Longer than it takes to end a run whose service is silent: a minute's grace, and the next tick of the clock."""

_SHARE = 5
"""Of the time that a portal gives, a fifth is left to forward the result, or what ends a silent run, if half is enough
for that; and three minutes at most."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What arrived through a relay, checked."""

    relay_id: int
    author_id: int
    """Who made the relay."""
    group_ids: frozenset[int]
    document: Mapping[str, Any]
    """As it came, but for callback URL and a language model's key."""
    sealed_key: bytes | None
    callback: bytes
    """The portal's callback URL, encrypted."""
    callback_digest: str
    origin: str
    """The host of the callback."""
    valid_until: datetime


def begin(asked: Asked, service: Service) -> Run:
    """Record a run and send it to the dispatcher.

    Raises
    ------
    AlreadyStarted
        The portal asked for the same before; see `begun_before`.
    """

    def record(run_id: int) -> Run:
        run = _new_run(asked, service, run_id)
        objects.put_json(objects.inputs_key(run.id), dict(asked.document))
        marker = EventMarker.of_callback(asked.relay_id, asked.callback_digest, run.id)
        try:
            store(run, RunCount.of(run), marker, _owed(asked, run))
        except AlreadyStarted:
            objects.remove(objects.inputs_key(run.id))
            raise
        return run

    run = under_free_id(None, record)
    dispatch_queue.send(run)
    return run


def begun_before(relay_id: int, callback_digest: str) -> int | None:
    """Return the run that a portal asked for with this callback before."""
    marker = EventMarker.of_callback(relay_id, callback_digest, 0)
    return marker.run_id if marker.is_stored() else None


def again(caller: Caller, run: Run, service: Service | None, changed: ChangedAnalysis, origin: Origin) -> Run:
    """Start a run once more that came through a relay, with the document that came; its end is forwarded in its place.

    Raises
    ------
    Forbidden
        The service is gone or disabled.
    BadRequest
        Other filters are wanted: the data are the other portal's. Or parameters that the service does not declare.
    AlreadyStarted
        There is a run of the reserved id.
    """
    if changed.input_filters is not None and changed.input_filters.photometry is not None:
        raise BadRequest("The data of this analysis came from another portal, where they can be filtered anew.")
    usable = usable_service(caller, run.service_id, service)
    check_is_called(usable)
    owed = Relayed.find(run.id)
    if owed is None:
        raise Forbidden("Cannot access this Analysis.")
    document = objects.get_json(objects.inputs_key(run.id))
    if changed.analysis_parameters is not None:
        check_parameters(usable, changed.analysis_parameters)
        document["inputs"] = {**document["inputs"], "analysis_parameters": changed.analysis_parameters}
    asked = Asked(
        relay_id=run.relay_id,
        author_id=run.author_id,
        group_ids=frozenset(run.group_ids),
        document=document,
        sealed_key=run.sealed_key,
        callback=owed.callback,
        callback_digest="",
        origin=owed.origin,
        valid_until=owed.valid_until,
    )

    def record(number: int) -> Run:
        repeated = _new_run(asked, usable, number, origin.batch_id)
        objects.put_json(objects.inputs_key(repeated.id), document)
        store(repeated, RunCount.of(repeated), beside=_owed(asked, repeated))
        return repeated

    repeated = under_free_id(origin.run_id, record)
    _supersede(owed)
    dispatch_queue.send(repeated)
    return repeated


def _supersede(owed: Relayed) -> None:
    """Forward nothing more of a run that is repeated."""
    superseded: list[Any] = [Relayed.state.set(SUPERSEDED), Relayed.due.remove(), Relayed.due_shard.remove()]
    transactions.holds(lambda: owed.update(actions=superseded, condition=Relayed.state == WAITING))


def _owed(asked: Asked, run: Run) -> Relayed:
    return Relayed(
        run.id,
        RELAYED_SK,
        relay_id=asked.relay_id,
        resource_id=run.obj_id,
        origin=asked.origin,
        callback=asked.callback,
        valid_until=asked.valid_until,
        received_at=run.created_at,
        acknowledged_at=run.created_at,
        due=run.created_at + timing.FIRST_DELAY,
        due_shard=shard_of(run.id),
    )


def _new_run(asked: Asked, service: Service, run_id: int, batch_id: int | None = None) -> Run:
    now = clock.now()
    answer_by = _answer_by(now, asked.valid_until)
    invalid_after = timing.invalid_after(now, service.timeout)
    run = Run(
        run_id,
        RUN_SK,
        obj_id=asked.document["resource_id"],
        service_id=service.service_id,
        author_id=asked.author_id,
        group_ids=set(asked.group_ids),
        created_at=now,
        modified=now,
        last_activity=now,
        moved=now,
        moved_in=moved.place(run_id, now),
        analysis_parameters=shown(asked.document["inputs"].get("analysis_parameters") or {}),
        show_parameters=True,
        show_plots=True,
        show_corner=True,
        status=str(State.QUEUED),
        status_message="Waiting to be sent.",
        timeout=service.timeout,
        send_before=_send_before(now, service, answer_by, is_of_batch=batch_id is not None),
        invalid_after=invalid_after if answer_by is None else min(invalid_after, answer_by),
        keeps_inputs=True,
        batch_id=batch_id,
        relay_id=asked.relay_id,
        answer_by=answer_by,
        sealed_key=asked.sealed_key,
        due=now + FIRST_LOOK,
        due_shard=shard_of(run_id),
    )
    list_entries.place(run, frozenset())
    return run


def _send_before(now: datetime, service: Service, answer_by: datetime | None, *, is_of_batch: bool) -> datetime:
    """Return until when a run may be sent: as any other, or as long as it leaves the service its time."""
    usual = timing.send_before(now, service.timeout, patient=is_of_batch or service.max_in_flight is not None)
    if answer_by is None:
        return usual
    return min(max(usual, answer_by - timedelta(seconds=service.timeout)), answer_by)


def _answer_by(now: datetime, valid_until: datetime) -> datetime | None:
    """Return when the service must have answered, so that the portal still takes it; None if that is over already."""
    left = valid_until - now
    margin = max(left / _SHARE, min(left / 2, _SILENCE))
    return valid_until - min(_LONGEST_MARGIN, margin) if left > timedelta(0) else None
