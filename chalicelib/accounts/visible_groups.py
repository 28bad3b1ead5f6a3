"""Groups as their members see them."""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import all_group_records, group_number, group_records
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.users.users import seen_by
from chalicelib.http.errors import Forbidden

_MEMBER_FIELDS = ("id", "username", "first_name", "last_name", "contact_email", "contact_phone", "oauth_uid")


def visible_groups(caller: Caller) -> dict[str, Any]:
    """Return the groups that the caller is in, those it can reach, and all for a System admin."""
    own = _listed(group_records(caller.group_ids))
    if not caller.is_admin:
        return {"user_groups": own, "user_accessible_groups": own, "all_groups": None}
    everything = _listed(all_group_records())
    return {"user_groups": own, "user_accessible_groups": everything, "all_groups": everything}


def groups_named(caller: Caller, name: str) -> list[dict[str, Any]]:
    """Return the group of exactly this name, if the caller can reach it."""
    number = group_number(name)
    if number is None or not caller.reaches([number]):
        return []
    return _listed(group_records([number]))


def group_with_members(caller: Caller, group_id: int, *, include_members: bool) -> dict[str, Any]:
    """Return a group, with its members by username if wanted.

    Raises
    ------
    Forbidden
        There is no such group, or the caller is not in it.
    """
    records = group_records([group_id]) if caller.reaches([group_id]) else []
    if not records:
        raise Forbidden("Cannot access this group.")
    group = {**records[0], "streams": [], "filters": []}
    return group | _members(caller, group_id) if include_members else group


def _listed(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**record, "streams": []} for record in records]


def _members(caller: Caller, group_id: int) -> dict[str, list[dict[str, Any]]]:
    memberships = {row.user_id: row for row in Membership.of_group(group_id)}
    users = sorted(User.of_ids(memberships), key=lambda user: user.username)
    seen = [(seen_by(caller, user), memberships[user.id]) for user in users]
    return {"users": [_member(*one) for one in seen], "group_users": [_membership(*one) for one in seen]}


def _member(user: dict[str, Any], membership: Membership) -> dict[str, Any]:
    return {**_short(user), **_flags(membership)}


def _membership(user: dict[str, Any], membership: Membership) -> dict[str, Any]:
    return {
        "id": membership.id,
        "created_at": clock.iso(membership.created_at),
        "modified": clock.iso(membership.modified),
        "group_id": membership.group_id,
        "user_id": membership.user_id,
        **_flags(membership),
        "user": _short(user),
    }


def _short(user: dict[str, Any]) -> dict[str, Any]:
    return {name: user[name] for name in _MEMBER_FIELDS}


def _flags(membership: Membership) -> dict[str, bool]:
    return {name: getattr(membership, name) for name in ("admin", "can_save", "can_share_photometry")}
