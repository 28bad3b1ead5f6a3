"""Makes a user, a member of the public group from the start."""

from typing import Annotated, Any

from pydantic import Field
from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.granting import require_roles
from chalicelib.accounts.groups.groups import public_group, require_reach
from chalicelib.accounts.groups.memberships import count_admins, require_admin
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import DEFAULT_ROLE
from chalicelib.accounts.users.body import Names, PersonBody, Text, Username, given
from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import Id
from chalicelib.registry import NameLock, next_number

MAX_FIRST_GROUPS = 30
"""Each takes up to three items of the transaction."""


class UserBody(PersonBody):
    """What makes a user."""

    username: Username
    oauth_uid: Text | None = None
    is_bot: bool = False
    roles: Names | None = None
    groups_and_admin: Annotated[list[tuple[Id, bool]], Field(max_length=MAX_FIRST_GROUPS)] = Field(
        default=[], alias="groupIDsAndAdmin"
    )


def create_user(caller: Caller, body: UserBody) -> int:
    """Make a user; return its number.

    Raises
    ------
    BadRequest
        The name is taken, or there is no such role.
    Forbidden
        The caller lacks a permission that a role grants, or does not administer a group.
    """
    roles = require_roles(caller, [DEFAULT_ROLE] if body.roles is None else body.roles)
    named = dict(body.groups_and_admin)
    require_reach(caller, named)
    for group_id in named:
        require_admin(caller, group_id)
    memberships = {public_group(): False} | named
    user = User.numbered(next_number("user"))
    facts: dict[str, Any] = {
        **given(body),
        "username": body.username,
        "oauth_uid": body.oauth_uid,
        "is_bot": body.is_bot,
        "roles": roles,
        "group_count": len(memberships),
    }
    for name, value in facts.items():
        setattr(user, name, value)
    _store(user, memberships)
    return user.id


def _store(user: User, memberships: dict[int, bool]) -> None:
    def fill(write: TransactWrite) -> None:
        name = NameLock(NameLock.key("username", user.username), owner_id=user.id)
        write.save(name, condition=NameLock.pk.does_not_exist())
        write.save(user)
        for group_id, admin in memberships.items():
            for side in Membership.sides(user.id, group_id, admin=admin):
                write.save(side)
            if admin:
                count_admins(write, group_id, 1)

    if not transactions.holds(lambda: transactions.write(fill), 0):
        raise BadRequest(f"User with the username {user.username!r} already exists.")
