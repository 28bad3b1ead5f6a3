"""Who is in which group: joins, leaves and changes, each in one transaction for both sides."""

from collections.abc import Callable

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import MAX_GROUPS
from chalicelib.accounts.identity import forget_identities
from chalicelib.accounts.items.group import Group
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.user import User
from chalicelib.http.errors import BadRequest, Forbidden

_LAST_ADMIN = "A group needs an administrator: make somebody else one before the last one goes."


def require_admin(caller: Caller, group_id: int) -> None:
    """Raise Forbidden unless the caller administers the group."""
    if not (caller.is_admin or group_id in caller.admin_of):
        raise Forbidden(f"Only administrators of group {group_id} may change who is in it.")


def one_group_more(write: TransactWrite, user_id: int) -> None:
    """Count a new membership, on condition that the user exists and may be in one more group."""
    write.update(
        User.numbered(user_id),
        actions=[User.group_count.add(1)],
        condition=User.pk.exists() & (User.group_count < MAX_GROUPS),
    )


def join(user_id: int, group_id: int, *, admin: bool, can_save: bool, can_share_photometry: bool) -> None:
    """Add a user to an existing group.

    Raises
    ------
    BadRequest
        There is no such user, or it is a member already, or in `MAX_GROUPS` groups.
    """
    sides = Membership.sides(
        user_id, group_id, admin=admin, can_save=can_save, can_share_photometry=can_share_photometry
    )

    def fill(write: TransactWrite) -> None:
        for side in sides:
            write.save(side, condition=Membership.pk.does_not_exist())
        one_group_more(write, user_id)
        if admin:
            count_admins(write, group_id, 1)

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if not transactions.condition_failed(error):
            raise
        if transactions.condition_failed(error, 0):
            raise BadRequest(f"User {user_id} is already a member of group {group_id}.") from error
        if User.of_id(user_id) is None:
            raise BadRequest(f"Cannot find a user with ID {user_id}.") from error
        raise BadRequest(f"A user may be in at most {MAX_GROUPS} groups; user {user_id} is in that many.") from error
    forget_identities()


def leave(user_id: int, group_id: int) -> None:
    """Remove a user from a group.

    Raises
    ------
    BadRequest
        It is not a member, or the last administrator.
    """
    member = _member(user_id, group_id)

    def fill(write: TransactWrite) -> None:
        for side in Membership.sides(user_id, group_id):
            write.delete(side, condition=Membership.admin == member.admin)
        write.update(User.numbered(user_id), actions=[User.group_count.add(-1)])
        if member.admin:
            count_admins(write, group_id, -1)

    _commit_change(fill)


def change(user_id: int, group_id: int, **flags: bool) -> None:
    """Set `admin`, `can_save` or `can_share_photometry` of a member.

    Raises
    ------
    BadRequest
        It is not a member, or the last administrator.
    """
    member = _member(user_id, group_id)
    becomes_admin = flags.get("admin", member.admin)

    def fill(write: TransactWrite) -> None:
        actions = [getattr(Membership, name).set(value) for name, value in flags.items()]
        for side in Membership.sides(user_id, group_id):
            write.update(
                side,
                actions=[*actions, Membership.modified.set(clock.now())],
                condition=Membership.admin == member.admin,
            )
        if becomes_admin != member.admin:
            count_admins(write, group_id, 1 if becomes_admin else -1)

    _commit_change(fill)


def count_admins(write: TransactWrite, group_id: int, change: int) -> None:
    """Count an administrator who comes or goes, on condition that one remains."""
    condition = Group.pk.exists() if change > 0 else Group.admin_count > 1
    write.update(Group.numbered(group_id), actions=[Group.admin_count.add(change)], condition=condition)


def _member(user_id: int, group_id: int) -> Membership:
    member = Membership.between(user_id, group_id)
    if member is None:
        raise BadRequest(f"User {user_id} is not a member of group {group_id}.")
    return member


def _commit_change(fill: Callable[[TransactWrite], None]) -> None:
    """Commit a change whose first two items are the sides and whose last one may be the count of administrators."""
    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if not transactions.condition_failed(error):
            raise
        if transactions.condition_failed(error, 0):
            raise BadRequest("Somebody else changed this membership at the same time; please try again.") from error
        raise BadRequest(_LAST_ADMIN) from error
    forget_identities()
