"""Groups as others see them, and which of them a request is about."""

from collections.abc import Iterable, Sequence
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.group import Group
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.ids import is_id
from chalicelib.memory import Remembered
from chalicelib.registry import NameLock
from chalicelib.settings import settings

MAX_GROUPS = 90
"""Groups that one user may be in, and that one record may be shared with: they fit into a transaction."""

MAX_NAME = 255
"""Characters of a group's name: a part of a key, which holds 2048 bytes."""

_REMEMBERED_SECONDS = 300.0  # groups are neither renamed nor deleted

_records: Remembered[dict[str, Any]] = Remembered(_REMEMBERED_SECONDS)
_numbers_by_name: Remembered[int] = Remembered(_REMEMBERED_SECONDS)


def group_records(ids: Iterable[int]) -> list[dict[str, Any]]:
    """Return the JSON records of groups, sorted by id; ids of no group are left out.

    Remembered in the process: no call when all of them were read a moment ago.
    """
    remembered = {number: _records.get(number) for number in set(ids)}
    missing = [number for number, record in remembered.items() if record is None and is_id(number)]
    read = {group.id: group_record(group) for group in Group.of_ids(missing)} if missing else {}
    for number, record in read.items():
        _records.put(number, record)
    known = {**remembered, **read}
    return [dict(record) for _, record in sorted(known.items()) if record is not None]


def all_group_records() -> list[dict[str, Any]]:
    """Return the JSON records of all groups, sorted by id."""
    return [group_record(group) for group in Group.all()]


def group_record(group: Group) -> dict[str, Any]:
    """Return a group as JSON, without its members."""
    return {
        "id": group.id,
        "created_at": clock.iso(group.created_at),
        "modified": clock.iso(group.modified),
        "name": group.name,
        "nickname": group.nickname,
        "description": group.description,
        "private": False,
        "auto_accept_requests": group.auto_accept_requests,
        "single_user_group": False,
    }


def chosen_groups(caller: Caller, requested: Sequence[int] | None, *, most: int = MAX_GROUPS) -> frozenset[int]:
    """Return the groups that a request names, by default all of the caller's; an empty list names none.

    Raises
    ------
    Forbidden
        The caller is not in all of them; a System admin may name any that exists.
    BadRequest
        The caller is in no group, or more than `most` are named.
    """
    chosen = frozenset(requested) if requested else caller.group_ids
    if len(chosen) > most:
        raise BadRequest(f"{len(chosen)} groups are too many: give at most {most} in `group_ids`.")
    require_reach(caller, chosen)
    if not chosen:
        raise BadRequest("At least one group is needed: give some in `group_ids`.")
    return chosen


def require_reach(caller: Caller, ids: Iterable[int]) -> None:
    """Check that the caller is in these groups or, for a System admin, that they exist.

    Raises
    ------
    Forbidden
        Naming the others.
    """
    unknown = frozenset(ids) - caller.group_ids
    if unknown and caller.is_admin:
        unknown -= {record["id"] for record in group_records(unknown)}
    if unknown:
        raise Forbidden(f"Cannot find one or more groups with IDs: {sorted(unknown)}.")


def group_number(name: str) -> int | None:
    """Return the number of the group with exactly this name."""
    if len(name) > MAX_NAME:
        return None
    number = _numbers_by_name.get(name)
    if number is None:
        lock = next(iter(NameLock.query(NameLock.key("group", name), consistent_read=True)), None)
        if lock is None:
            return None
        number = lock.owner_id
        _numbers_by_name.put(name, number)
    return number


def public_group() -> int:
    """Return the number of the group that every user belongs to; it exists since the first administrator does."""
    number = group_number(settings().public_group)
    if number is None:
        raise BadRequest(f"This site has no group named {settings().public_group!r}.")
    return number
