"""The first administrator: made by the first request that carries the token from the settings.

Another token in the settings is how whoever runs the site comes in again: it takes the place of the one before.
"""

import hmac
from collections.abc import Callable

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import transactions
from chalicelib.accounts.items.announced import Announced
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
NAME = "first administrator"
"""Of the token."""
_ROLES = ["Super admin"]
_LOCK = NameLock.key("username", USERNAME)

Fill = Callable[[TransactWrite], None]


def is_announced(token: str) -> bool:
    """Say whether this is the token of the settings."""
    configured = site_secret(settings().admin_token)
    return configured is not None and hmac.compare_digest(token.encode(), configured.encode())


def take_once(token: str, *, certainly_new: bool = False) -> None:
    """Let this token be the first administrator's, unless it was so before: then nothing happens.

    The first token makes the user "admin" and the public group. A later one revokes the one before, and makes "admin"
    an administrator with an open account again. Of requests that come at once, one does it; afterwards it is a token
    like any other: revoked, it stays so. A site that did not remember its tokens yet, and whose first one was revoked,
    cannot tell whether another is that one: it takes it when the caller is certain.
    """
    hashed = TokenHash.of(token)
    announced = Announced.so_far()
    if hashed.digits in announced.digests:
        return
    try:
        owner = NameLock.get(_LOCK, "lock", consistent_read=True).owner_id
    except NameLock.DoesNotExist:
        _commit(_made(announced, hashed))
        return
    earlier = _earlier(announced, owner)
    if (earlier or certainly_new) and hashed not in earlier:  # else somebody was faster
        _commit(_replaced(announced, hashed, owner, earlier))


def _earlier(announced: Announced, owner: int) -> set[TokenHash]:
    """Return the tokens that were announced before, and the one that bears their name now."""
    named = {name.hashed for name in TokenName.of_user(owner) if name.name == NAME}
    return named | {TokenHash(digits) for digits in announced.digests}


def _made(announced: Announced, hashed: TokenHash) -> Fill:
    user, group = User.numbered(next_number("user")), Group.numbered(next_number("group"))
    user.username, user.roles, user.group_count = USERNAME, _ROLES, 1
    group.name, group.admin_count = settings().public_group, 1
    group_lock = NameLock(NameLock.key("group", group.name), owner_id=group.id)

    def fill(write: TransactWrite) -> None:
        write.save(NameLock(_LOCK, owner_id=user.id), condition=NameLock.pk.does_not_exist())
        for item in (user, group, group_lock, *Membership.sides(user.id, group.id, admin=True)):
            write.save(item)
        _save_token(write, announced, set(), hashed, user.id)

    return fill


def _replaced(announced: Announced, hashed: TokenHash, owner: int, earlier: set[TokenHash]) -> Fill:
    revoked = [row for row in map(Token.of_hash, earlier) if row is not None]
    roles: list[Action] = [User.roles.set(_ROLES), User.expiration_date.remove()]

    def fill(write: TransactWrite) -> None:
        for row in revoked:
            write.delete(row)
            if row.name != NAME:  # that one is written anew
                write.delete(TokenName.of(row))
        write.update(User.numbered(owner), actions=roles, condition=User.pk.exists())
        _save_token(write, announced, earlier, hashed, owner)

    return fill


def _save_token(
    write: TransactWrite, announced: Announced, earlier: set[TokenHash], hashed: TokenHash, owner: int
) -> None:
    row = Token.hashed(hashed)
    row.user_id, row.name, row.acls = owner, NAME, sorted(ALL)
    write.save(row, condition=Token.pk.does_not_exist())
    write.save(TokenName.of(row))
    before = announced.digests
    missing = sorted({each.digits for each in earlier} - set(before))
    unchanged = Announced.digests == before if before else Announced.pk.does_not_exist()
    write.save(Announced.of([*before, *missing, hashed.digits]), condition=unchanged)


def _commit(fill: Fill) -> None:
    transactions.holds(lambda: transactions.write(fill))  # else somebody was faster
