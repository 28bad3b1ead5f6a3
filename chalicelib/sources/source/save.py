"""Saves a source to groups, new or known, and takes it back."""

from collections.abc import Iterable

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.http.errors import BadRequest
from chalicelib.ids import new_id
from chalicelib.sources.items.phot_stat import PHOT_STAT_SK, PhotStat
from chalicelib.sources.items.saved import Saved
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source import triggers
from chalicelib.sources.source.access import group_ids_of, may_read, readable_source
from chalicelib.sources.source.apply_body import apply_fields
from chalicelib.sources.source.body import SourceFields, SourcePost
from chalicelib.sources.source.optimistic_update import again_on_conflict, write_source

_MOST_AT_ONCE = 90
"""Groups in one transaction."""


def save_source(caller: Caller, post: SourcePost) -> list[int]:
    """Save a source to groups, by default the caller's, and return them.

    A known source is added to the groups. What was given changes it only if the caller could see it before, or if
    no group holds it any more: who merely knows an id cannot alter what others see.

    Raises
    ------
    Forbidden
        The caller is not in one of the groups.
    BadRequest
        A new source without position.
    """
    groups = chosen_groups(caller, post.group_ids)
    added = again_on_conflict(lambda: _save(caller, post, groups))
    if added:
        triggers.announce("saved", post.id, group_ids=sorted(added), user_id=caller.user_id)
    return sorted(groups)


def _save(caller: Caller, post: SourcePost, groups: frozenset[int]) -> frozenset[int]:
    found = Source.find(post.id)
    source = found or _new(post)
    open_to_caller = found is None or not found.group_ids or may_read(caller, found)
    changed = open_to_caller and apply_fields(source, _fields_of(post), caller.user_id)
    added = groups - group_ids_of(source)
    if not (added or changed):
        return added
    now = clock.now()
    source.saves = {**source.saves, **{str(group): [clock.iso(now), caller.user_id] for group in added}}
    source.group_ids = set(group_ids_of(source) | added)
    statistics = [PhotStat(post.id, PHOT_STAT_SK, record_id=new_id())] if found is None else []
    write_source(source, puts=[*(Saved.of(post.id, group, now) for group in added), *statistics])
    return added


def _new(post: SourcePost) -> Source:
    if post.ra is None or post.dec is None:
        raise BadRequest(f"`ra` and `dec` are required for {post.id}, which does not exist yet.")
    return Source(post.id, SOURCE_SK)


def _fields_of(post: SourcePost) -> SourceFields:
    given = post.model_dump(exclude_unset=True, exclude={"id", "group_ids"})
    return SourceFields.model_construct(set(given), **given)


def unsave_source(caller: Caller, obj_id: str, group_id: int | None) -> None:
    """Take a source out of one group, or out of all that the caller is in (an administrator: of all).

    A source in no group is gone for everybody; its data is kept, and comes back when the id is posted again.

    Raises
    ------
    NotFound
        The caller cannot see the source.
    Forbidden
        The caller is not in the group.
    """
    if group_id is not None:
        chosen_groups(caller, [group_id])
    again_on_conflict(lambda: _unsave(caller, readable_source(caller, obj_id), group_id))


def _unsave(caller: Caller, source: Source, group_id: int | None) -> None:
    held = group_ids_of(source)
    leaving = held if caller.is_admin else held & caller.group_ids
    leaving = leaving if group_id is None else held & {group_id}
    for chunk in _chunks(sorted(leaving)):
        source.group_ids = set(group_ids_of(source) - set(chunk))
        saves = dict(source.saves)
        gone = [Saved.of(source.obj_id, group, clock.parse(saves.pop(str(group))[0])) for group in chunk]
        source.saves = saves
        write_source(source, deletes=gone)


def _chunks(groups: list[int]) -> Iterable[list[int]]:
    return (groups[start : start + _MOST_AT_ONCE] for start in range(0, len(groups), _MOST_AT_ONCE))
