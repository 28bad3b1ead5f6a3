"""Writes a service together with what finds it: the lock on its name and the items by which its groups reach it."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import BadRequest, Conflict
from chalicelib.registry import NameLock
from chalicelib.services.access import readable_service
from chalicelib.services.items.reach import EVERYTHING, Reach
from chalicelib.services.items.service import Service

NAME_TAKEN = "Analysis Service with that name already exists: duplicate key value violates unique constraint on name"

_ATTEMPTS = 10


class ChangedMeanwhile(Exception):
    """Someone else wrote the service after it was read; nothing was written."""


@dataclass(frozen=True, slots=True)
class _Footprint:
    """What is stored beside a service, so that it is found."""

    name: str | None = None
    reach: frozenset[int] = frozenset()


_NOTHING = _Footprint()


def insert(service: Service) -> None:
    """Store a new service; raise BadRequest if its name is taken."""
    _write(service, _NOTHING)


def revise(caller: Caller, service_id: int, edit: Callable[[Service], None]) -> Service:
    """Read a service, edit it and store it, again if someone else wrote it in between; return it as it is stored.

    Parameters
    ----------
    caller : Caller
        Must reach the service.
    service_id : int
        The service.
    edit : callable
        Changes the item that was read; called again with a fresh one after a collision.

    Raises
    ------
    Forbidden
        See `readable_service`.
    BadRequest
        The new name is taken, or too many groups change at once.
    Conflict
        Others wrote it at each of our attempts.
    """
    for attempt in range(_ATTEMPTS):
        service = readable_service(caller, service_id)
        before = _footprint(service)
        edit(service)
        service.modified = clock.now()
        try:
            _write(service, before)
        except ChangedMeanwhile:
            time.sleep(random.uniform(0, 0.1) * (attempt + 1))  # noqa: S311 - spreads load, keeps no secret
            continue
        return service
    raise Conflict("This Analysis Service is being changed by others at the same time. Try again.")


def _footprint(service: Service) -> _Footprint:
    if service.is_deleted:
        return _NOTHING
    return _Footprint(service.name, service.groups | {EVERYTHING})


def _write(service: Service, before: _Footprint) -> None:
    after = _footprint(service)
    number = service.service_id
    deletes = [Reach.between(number, group_id) for group_id in before.reach - after.reach]
    puts = [service, *(Reach.between(number, group_id) for group_id in after.reach - before.reach)]
    released = [_lock(number, before.name)] if before.name not in {None, after.name} else []
    taken = [_lock(number, after.name)] if after.name not in {None, before.name} else []
    if len(deletes) + len(puts) + len(released) + len(taken) > transactions.MOST_ITEMS:
        raise BadRequest("Too many groups change at once: first remove some, then add the others.")

    def fill(write: TransactWrite) -> None:
        for item in (*released, *deletes):
            write.delete(item)
        for lock in taken:
            write.save(lock, condition=NameLock.pk.does_not_exist())
        for put in puts:
            write.save(put)

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if not transactions.condition_failed(error):
            raise
        if taken and transactions.condition_failed(error, len(released) + len(deletes)):
            raise BadRequest(NAME_TAKEN) from None
        raise ChangedMeanwhile from error


def _lock(service_id: int, name: str | None) -> NameLock:
    return NameLock(NameLock.key("service", str(name)), owner_id=service_id)
