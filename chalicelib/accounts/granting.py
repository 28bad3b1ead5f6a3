"""Who may hand out which permissions: nobody more than they hold themselves."""

from collections.abc import Iterable

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import ALL, ROLES, permissions_of
from chalicelib.http.errors import BadRequest, Forbidden


def require_roles(caller: Caller, roles: Iterable[str]) -> list[str]:
    """Check roles that the caller wants to give; return them sorted.

    Raises
    ------
    BadRequest
        There is no such role.
    Forbidden
        A role grants a permission that the caller does not hold.
    """
    wanted = sorted(set(roles))
    unknown = [role for role in wanted if role not in ROLES]
    if unknown:
        raise BadRequest(f"Unknown roles: {unknown}. Must be among: {', '.join(ROLES)}.")
    lacking = lacks(caller, permissions_of(frozenset(wanted)))
    if lacking:
        raise Forbidden(f"These roles grant permissions that this token lacks: {lacking}.")
    return wanted


def require_acls(caller: Caller, acls: Iterable[str], held_by_owner: frozenset[str]) -> list[str]:
    """Check the permissions that the caller wants a token to carry; return them sorted.

    Raises
    ------
    BadRequest
        There is no such permission, or the token's owner does not hold it.
    Forbidden
        The caller does not hold it.
    """
    wanted = sorted(set(acls))
    unknown = [acl for acl in wanted if acl not in ALL]
    if unknown:
        raise BadRequest(f"Unknown ACLs: {unknown}. Must be among: {', '.join(sorted(ALL))}.")
    beyond = [acl for acl in wanted if acl not in held_by_owner]
    if beyond:
        raise BadRequest(f"A token carries only ACLs that its owner holds; the owner lacks: {beyond}.")
    lacking = lacks(caller, frozenset(wanted))
    if lacking:
        raise Forbidden(f"This token cannot give ACLs that it lacks itself: {lacking}.")
    return wanted


def require_authority(caller: Caller, user: User) -> None:
    """Check that the caller may act for another user: it then gains neither permissions nor groups by doing so.

    Raises
    ------
    Forbidden
        The user holds a permission, or is in a group, that the caller does not.
    """
    if caller.is_admin or caller.user_id == user.id:
        return
    beyond = lacks(caller, permissions_of(frozenset(user.roles)))
    foreign = {row.group_id for row in Membership.of_user(user.id)} - caller.group_ids
    if beyond or foreign:
        raise Forbidden(f"User {user.id} has permissions or groups that you do not have; ask a System admin.")


def lacks(caller: Caller, permissions: frozenset[str]) -> list[str]:
    """Return those of the permissions that the caller does not hold, sorted."""
    return sorted(permission for permission in permissions if not caller.may(permission))
