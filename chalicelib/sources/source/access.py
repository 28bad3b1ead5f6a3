"""Who may see what: a source through the groups it is saved to, its data through the groups it is shared with."""

import re
from collections.abc import Iterable
from typing import Literal, TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.accounts.permissions import MANAGE_SOURCES
from chalicelib.http.errors import Forbidden, NotFound, Unauthorized
from chalicelib.http.parsing import Id
from chalicelib.sources.items.item import Shared
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.items.source import Source

OBJ_ID = re.compile(r"[A-Za-z0-9_\-;:+.]{1,255}")

GroupIds = list[Id] | Literal["all"] | None
"""What callers write into `group_ids`."""

SharedT = TypeVar("SharedT", bound=Shared | PhotometryPoint)


def may_read(caller: Caller, source: Source) -> bool:
    """Say whether a source is saved to one of the caller's groups; one that no group holds is gone for all."""
    return bool(source.group_ids) and caller.reaches(group_ids_of(source))


def readable_source(caller: Caller, obj_id: str) -> Source:
    """Read a source.

    Raises
    ------
    NotFound
        "Source not found", also if it exists where the caller may not see it.
    """
    source = Source.find(obj_id) if OBJ_ID.fullmatch(obj_id) else None
    return readable(caller, source)


def readable(caller: Caller, source: Source | None) -> Source:
    """Return a source that was read already; raises like `readable_source`."""
    if source is None or not may_read(caller, source):
        raise NotFound("Source not found")
    return source


def visible(caller: Caller, records: Iterable[SharedT]) -> tuple[SharedT, ...]:
    """Keep the records that are shared with one of the caller's groups."""
    return tuple(record for record in records if caller.reaches(record.group_ids))


def shared_groups(caller: Caller, source: Source, requested: GroupIds) -> frozenset[int]:
    """Choose whom a new record on a source is shared with.

    Parameters
    ----------
    requested : list of int, "all" or None
        None, or an empty list, stands for the groups of the source that the caller belongs to, "all" for the
        caller's groups.

    Raises
    ------
    Forbidden
        The caller is not in one of the groups.
    """
    if requested == "all":
        return chosen_groups(caller, None)
    if requested:
        return chosen_groups(caller, requested)
    own = group_ids_of(source)
    return own & caller.group_ids or own  # an administrator may be in none of them


def group_ids_of(item: Source | Shared | PhotometryPoint) -> frozenset[int]:
    """Return the groups of an item as integers."""
    return frozenset(item.group_ids or ())


def check_change(caller: Caller, record: Shared, permission: str) -> None:
    """Allow a change or removal to the owner, if the token carries the permission, and to those who manage sources.

    Raises
    ------
    Unauthorized
        The token carries neither permission.
    Forbidden
        The record belongs to somebody else.
    """
    if caller.may(MANAGE_SOURCES):
        return
    if not caller.may(permission):
        raise Unauthorized(f"This token lacks the permission {permission!r}.")
    if caller.user_id != record.owner_id:
        raise Forbidden(f"Only its owner, or who may manage sources, can change this {type(record).__name__.lower()}.")
