"""Makes a group, with its first administrators."""

from collections.abc import Sequence
from typing import Annotated

from pydantic import Field, StringConstraints
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import MAX_GROUPS, MAX_NAME
from chalicelib.accounts.groups.memberships import one_group_more
from chalicelib.accounts.identity import forget_identities
from chalicelib.accounts.items.group import Group
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import Body, Id
from chalicelib.registry import NameLock, next_number

MAX_FIRST_ADMINS = 30
"""Each takes three items of the transaction."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME)]


class GroupBody(Body):
    """What makes a group."""

    name: Name
    nickname: Name | None = None
    description: Annotated[str, StringConstraints(max_length=4096)] | None = None
    auto_accept_requests: bool | None = None
    group_admins: Annotated[list[Id], Field(max_length=MAX_FIRST_ADMINS)] | None = None


def create_group(caller: Caller, body: GroupBody) -> int:
    """Make a group whose administrators are the caller and those named; return its number.

    Raises
    ------
    BadRequest
        The name is taken, or an administrator cannot join.
    """
    admins = sorted({caller.user_id, *(body.group_admins or [])})
    group = Group.numbered(next_number("group"))
    group.name, group.nickname, group.description = body.name, body.nickname, body.description
    group.auto_accept_requests, group.admin_count = bool(body.auto_accept_requests), len(admins)

    def fill(write: TransactWrite) -> None:
        name = NameLock(NameLock.key("group", body.name), owner_id=group.id)
        write.save(name, condition=NameLock.pk.does_not_exist())
        write.save(group)
        for user_id in admins:
            for side in Membership.sides(user_id, group.id, admin=True):
                write.save(side)
            one_group_more(write, user_id)

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        raise _reason(error, body.name, admins) from error
    forget_identities()
    return group.id


def _reason(error: TransactWriteError, name: str, admins: Sequence[int]) -> Exception:
    if not transactions.condition_failed(error):
        return error
    if transactions.condition_failed(error, 0):
        return BadRequest(f"Group with the name {name!r} already exists.")
    missing = sorted(set(admins) - {user.id for user in User.of_ids(admins)})
    if missing:
        return BadRequest(f"Cannot find one or more users with IDs: {missing}.")
    return BadRequest(f"A user may be in at most {MAX_GROUPS} groups; one of the administrators is in that many.")
