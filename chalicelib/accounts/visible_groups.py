"""Groups as their members see them."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import all_group_records, group_number, group_records
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.users.users import seen_by
from chalicelib.http.errors import Forbidden

_MEMBER_FIELDS = ("id", "username", "first_name", "last_name", "contact_email", "contact_phone", "oauth_uid")


def visible_groups(caller: Caller) -> dict[str, Any]:
    """Return the groups that the caller is in, those it can reach, and all for a System admin."""
    own = group_records(caller.group_ids)
    if not caller.is_admin:
        return {"user_groups": own, "user_accessible_groups": own, "all_groups": None}
    everything = all_group_records()
    return {"user_groups": own, "user_accessible_groups": everything, "all_groups": everything}


def groups_named(caller: Caller, name: str) -> list[dict[str, Any]]:
    """Return the group of exactly this name, if the caller can reach it."""
    number = group_number(name)
    if number is None or not caller.reaches([number]):
        return []
    return group_records([number])


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
    if not include_members:
        return records[0]
    return records[0] | {"users": _members(caller, group_id)}


def _members(caller: Caller, group_id: int) -> list[dict[str, Any]]:
    memberships = {row.user_id: row for row in Membership.of_group(group_id)}
    users = sorted(User.of_ids(memberships), key=lambda user: user.username)
    return [_member(seen_by(caller, user), memberships[user.id]) for user in users]


def _member(user: dict[str, Any], membership: Membership) -> dict[str, Any]:
    return {
        **{name: user[name] for name in _MEMBER_FIELDS},
        "admin": membership.admin,
        "can_save": membership.can_save,
        "can_share_photometry": membership.can_share_photometry,
    }
