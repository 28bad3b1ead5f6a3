"""One service over many objects: accepted at once, expanded in the background, so that a crash doubles nothing."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.accounts.identity import caller_of_user
from chalicelib.accounts.permissions import RUN_ANALYSES, SYSTEM_ADMIN
from chalicelib.analyses import timing
from chalicelib.analyses.bodies import ChangedAnalysis, NewAnalysis, NewBatch
from chalicelib.analyses.items.batch import BATCH_SK, Batch
from chalicelib.analyses.items.chunk import Chunk
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.limits import MAX_GROUPS
from chalicelib.analyses.run import listeners, objects
from chalicelib.analyses.start import relayed
from chalicelib.analyses.start.retry import as_wanted
from chalicelib.analyses.start.start import Origin, check_is_called, start, usable_service
from chalicelib.analyses.start.store_run import AlreadyStarted
from chalicelib.analyses.states import State
from chalicelib.http.errors import ApiError, Forbidden, NotFound, Unauthorized
from chalicelib.http.logs import LOGGER
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import check_parameters

OBJECTS_A_CHUNK = 50
_KEPT_SECONDS = 90 * 24 * 3600

Refusal = tuple[str, str]
ItemT = TypeVar("ItemT")


def accept(caller: Caller, batch_id: int, wanted: NewBatch) -> Batch:
    """Record a batch and have it expanded; the same one again if it is recorded already.

    Parameters
    ----------
    caller : Caller
        In whose name, and with whose rights at the time of the expansion, the analyses start.
    batch_id : int
        The first of a row of reserved ids, one more than there are objects.
    wanted : NewBatch
        The service, the objects and the options.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's, disabled, or takes uploads only; a group is not the caller's.
    BadRequest
        Undeclared parameters.
    """
    service_id = wanted.analysis_service_id
    service = usable_service(caller, service_id, Service.of_id(service_id))
    check_is_called(service)
    check_parameters(service, wanted.analysis_parameters or {})
    groups = chosen_groups(caller, wanted.group_ids, most=MAX_GROUPS)
    obj_ids = list(dict.fromkeys(wanted.obj_ids))
    options = wanted.model_dump(exclude={"analysis_service_id", "obj_ids"}, exclude_none=True)
    return record(caller, batch_id, service_id, obj_ids, {"options": {**options, "group_ids": [*groups]}})


def record(caller: Caller, batch_id: int, service_id: int, obj_ids: Sequence[str], what: Mapping[str, Any]) -> Batch:
    """Record a batch over these objects and have it expanded.

    Parameters
    ----------
    what : mapping
        What starts: the `options` of all, or which run each `repeats`.
    """
    objects.put_json(objects.batch_key(batch_id), {"obj_ids": [*obj_ids], **what})
    batch = Batch(
        batch_id,
        BATCH_SK,
        called_service_id=service_id,
        author_id=caller.user_id,
        author_is_admin=caller.is_admin,
        total=len(obj_ids),
        chunks=-(-len(obj_ids) // OBJECTS_A_CHUNK),
        due=clock.now() + timing.FIRST_DELAY,
        due_shard=shard_of(batch_id),
        expires=int(time.time()) + _KEPT_SECONDS,
        seen_of=Batch.listed_for(caller.user_id),
    )
    batch.save(condition=Batch.analysis_id.does_not_exist())
    try:
        aws.send("batch", {"batch": batch_id})
    except (BotoCoreError, ClientError):
        LOGGER.warning("a batch was recorded, but the batch queue did not take its message", exc_info=True)
    return batch


def owned(caller: Caller, batch_id: int) -> Batch:
    """Return a batch to its author or a System admin; raise Forbidden to anybody else, and if there is none."""
    batch = Batch.find(batch_id)
    if batch is None or not (caller.is_admin or caller.user_id == batch.author_id):
        raise Forbidden("Cannot access this batch of analyses.")
    return batch


def on_message(message: dict[str, Any]) -> None:
    """Expand a chunk of a batch, or ask for all chunks that are not expanded yet."""
    batch = Batch.find(message["batch"])
    if batch is None:
        return
    chunk = message.get("chunk")
    if chunk is None:
        wanted = sorted(set(range(batch.chunks)) - batch.expanded)
        aws.send_all("batch", [{"batch": batch.id, "chunk": number} for number in wanted])
    elif chunk not in batch.expanded:
        _expand(batch, chunk)


def expand_again(batch_id: int) -> None:
    """Ask for the chunks whose messages were lost: what the sweep does."""
    batch = Batch.find(batch_id)
    if batch is None:
        return
    if len(batch.expanded) == batch.chunks:
        listeners.tell({"batch": batch.id})
        batch.update(actions=[Batch.due.remove(), Batch.due_shard.remove()])
        return
    later = clock.now() + timing.look_again_delay(batch.looks)
    batch.update(actions=[Batch.looks.set(batch.looks + 1), Batch.due.set(later)])
    aws.send("batch", {"batch": batch_id})


def give_up(batch_id: int, chunk: int, reason: str) -> None:
    """Refuse what is left of a chunk that cannot be expanded."""
    batch = Batch.find(batch_id)
    if batch is None or chunk in batch.expanded:
        return
    names = _chunk(objects.get_json(objects.batch_key(batch.id))["obj_ids"], chunk)
    found = _started(batch, chunk, len(names))
    refusals = [(obj_id, reason) for obj_id, run_id in zip(names, found, strict=True) if run_id is None]
    _record(batch, chunk, found, refusals)


def _expand(batch: Batch, chunk: int) -> None:
    if batch.cancelled_at is not None:
        give_up(batch.id, chunk, "The batch was cancelled.")
        return
    stored = objects.get_json(objects.batch_key(batch.id))
    names, wanted = _chunk(stored["obj_ids"], chunk), NewAnalysis.model_validate(stored.get("options", {}))
    repeated = _chunk(stored.get("repeats", []), chunk) or [None] * len(names)
    found = _started(batch, chunk, len(names))
    refusals: list[Refusal] = []
    try:
        author = _author(batch)
    except Unauthorized as error:
        give_up(batch.id, chunk, error.message)
        return
    for position, obj_id in enumerate(names):
        if found[position] is None:
            try:
                number = _index(chunk, position)
                found[position] = _start(batch, author, number, obj_id, _repeating(repeated[position]) or wanted)
            except ApiError as error:
                refusals.append((obj_id, error.message))
    _record(batch, chunk, found, refusals)


def _repeating(run_id: int | None) -> Run | None:
    """Return the run that is to be repeated; raise NotFound if it is gone."""
    run = None if run_id is None else Run.find(run_id)
    if run_id is not None and (run is None or run.state is State.DELETED):
        raise NotFound("The analysis that was to be repeated was deleted.")
    return run


def _chunk(obj_ids: list[ItemT], chunk: int) -> list[ItemT]:
    return obj_ids[_index(chunk, 0) : _index(chunk + 1, 0)]


def _index(chunk: int, position: int) -> int:
    return chunk * OBJECTS_A_CHUNK + position


def _id(batch_id: int, index: int) -> int:
    """Return the id of a batch's run, unless something else has taken that."""
    return batch_id + 1 + index


def _started(batch: Batch, chunk: int, count: int) -> list[int | None]:
    """Return the runs of a chunk that an expansion before this one has started."""
    ids = [_id(batch.id, _index(chunk, position)) for position in range(count)]
    ours = {
        run.id
        for run in Run.batch_get([(number, RUN_SK) for number in ids], consistent_read=True)
        if run.batch_id == batch.id
    }
    return [number if number in ours else None for number in ids]


def _start(batch: Batch, author: Caller, index: int, obj_id: str, what: NewAnalysis | Run) -> int:
    origin = Origin(run_id=_id(batch.id, index), batch_id=batch.id)
    try:
        return _begun(author, batch.called_service_id, obj_id, what, origin).id
    except AlreadyStarted as error:
        return error.run_id


def _begun(author: Caller, service_id: int, obj_id: str, what: NewAnalysis | Run, origin: Origin) -> Run:
    if not isinstance(what, Run):
        return start(author, obj_id, service_id, what, origin)
    if what.relay_id is None:
        return start(author, obj_id, service_id, as_wanted(what), origin._replace(repeats=what))
    return relayed.again(author, what, Service.of_id(service_id), ChangedAnalysis(), origin)


def _author(batch: Batch) -> Caller:
    """Return who asked for the batch, with the rights of this moment.

    Raises
    ------
    Unauthorized
        The account is closed, or may not run analyses any more.
    """
    author = caller_of_user(batch.author_id)
    if author is None or not author.may(RUN_ANALYSES):
        raise Unauthorized("The account of the batch's author is closed or may not run analyses any more.")
    permissions = author.permissions if batch.author_is_admin else author.permissions - {SYSTEM_ADMIN}
    return Caller(author.user_id, author.username, permissions, author.group_ids, author.admin_of)


def _record(batch: Batch, chunk: int, run_ids: Sequence[int | None], refusals: list[Refusal]) -> None:
    """Count a chunk, once however often it was expanded."""
    made = Chunk(batch.id, Chunk.key(chunk), run_ids=list(run_ids), refusals=refusals, expires=batch.expires)

    def fill(transaction: transactions.TransactWrite) -> None:
        transaction.save(made)
        transaction.update(
            batch,
            actions=[
                Batch.expanded.add({chunk}),
                Batch.created.add(len(run_ids) - len(refusals)),
                Batch.refused.add(len(refusals)),
            ],
            condition=Batch.expanded.does_not_exist() | ~Batch.expanded.contains(chunk),
        )

    transactions.holds(lambda: transactions.write(fill))
    listeners.tell({"batch": batch.id})
