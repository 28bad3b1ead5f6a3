"""The first administrator: made by the first request that carries the token from the settings."""

import hmac

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.accounts.items.group import Group
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.token import Token, TokenName
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import ALL
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.registry import NameLock, next_number
from chalicelib.settings import settings
from chalicelib.site_secrets import site_secret

USERNAME = "admin"
_LOCK = NameLock.key("username", USERNAME)


def is_announced(token: str) -> bool:
    """Say whether this is the token of the settings."""
    configured = site_secret(settings().admin_token)
    return configured is not None and hmac.compare_digest(token.encode(), configured.encode())


def create_once(token: str) -> None:
    """Make the user "admin", the public group and the token row, unless they were made before.

    Of requests that come at once, one makes them. Afterwards it is a token like any other: revoked, it stays so.
    """
    if NameLock.count(_LOCK, consistent_read=True):
        return
    try:
        _create(token)
    except TransactWriteError as error:
        if not transactions.condition_failed(error, 0):
            raise


def _create(token: str) -> None:
    user, group = User.numbered(next_number("user")), Group.numbered(next_number("group"))
    user.username, user.roles, user.group_count = USERNAME, ["Super admin"], 1
    group.name, group.admin_count = settings().public_group, 1
    row = Token.hashed(TokenHash.of(token))
    row.user_id, row.name, row.acls = user.id, "first administrator", sorted(ALL)
    group_lock = NameLock(NameLock.key("group", group.name), owner_id=group.id)

    def fill(write: TransactWrite) -> None:
        write.save(NameLock(_LOCK, owner_id=user.id), condition=NameLock.pk.does_not_exist())
        for item in (user, group, group_lock, row, TokenName.of(row), *Membership.sides(user.id, group.id, admin=True)):
            write.save(item)

    transactions.write(fill)
