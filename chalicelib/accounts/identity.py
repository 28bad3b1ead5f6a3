"""From the Authorization header to the person behind it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.accounts import first_administrator
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.membership import Membership
from chalicelib.accounts.items.token import Token
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import SYSTEM_ADMIN, permissions_of
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.http.errors import Unauthorized
from chalicelib.memory import Remembered
from chalicelib.settings import settings


@dataclass(frozen=True, slots=True)
class _Identity:
    caller: Caller
    expires: datetime | None


_identities: Remembered[_Identity] = Remembered(settings().identity_seconds)


def identify(authorization_header: str) -> Caller:
    """Return the person behind a token.

    Remembered for `identity_seconds`; otherwise three reads: token, user, memberships.

    Raises
    ------
    Unauthorized
        No token, an unknown one, or one whose owner's account is closed.
    """
    return identify_until(authorization_header)[0]


def identify_until(authorization_header: str) -> tuple[Caller, datetime | None]:
    """Return the same, and when that person's account closes; see `identify`."""
    token = _token(authorization_header)
    hashed = TokenHash.of(token)
    identity = _remembered(hashed, lambda: _stored(token, hashed))
    return identity.caller, identity.expires


def identify_hash(hashed: TokenHash) -> tuple[Caller, datetime | None]:
    """Return the person behind a token that is known by its hash, and when that person's account closes.

    Raises
    ------
    Unauthorized
        The token was revoked, or its owner's account is closed.
    """
    identity = _remembered(hashed, lambda: _known(hashed))
    return identity.caller, identity.expires


def token_of(authorization_header: str) -> TokenHash:
    """Return the hash of the token in a header; raise Unauthorized if there is none."""
    return TokenHash.of(_token(authorization_header))


def caller_of_user(user_id: int) -> Caller | None:
    """Return a user with the rights of this moment, for what runs in their name; None if the account is closed."""
    user = User.of_id(user_id)
    if user is None or (user.expiration_date is not None and user.expiration_date <= clock.now()):
        return None
    return _caller(user, permissions_of(frozenset(user.roles)))


def forget_identities() -> None:
    """Forget all identities: called after every change of users, memberships and tokens."""
    _identities.clear()


def effective_permissions(acls: frozenset[str], roles: frozenset[str]) -> frozenset[str]:
    """Return what a token with these ACLs may do while its owner has these roles."""
    held = permissions_of(roles)
    return acls if SYSTEM_ADMIN in held else acls & held


def _token(header: str) -> str:
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "token" or not token.strip():
        raise Unauthorized('A token is needed: send the header "Authorization: token <your token>".')
    if not token.isascii():
        raise Unauthorized("Unknown token.")
    return token.strip()


def _remembered(hashed: TokenHash, stored: Callable[[], Token]) -> _Identity:
    identity = _identities.get(hashed)
    if identity is None:
        identity = _read(stored())
        _identities.put(hashed, identity)
    if identity.expires is not None and identity.expires <= clock.now():
        raise Unauthorized("This account is closed; an administrator can open it again.")
    return identity


def _stored(token: str, hashed: TokenHash) -> Token:
    try:
        return _known(hashed)
    except Unauthorized:
        if not first_administrator.is_announced(token):
            raise
    first_administrator.take_once(token)
    forget_identities()  # of the token before
    return _known(hashed)


def _known(hashed: TokenHash) -> Token:
    row = Token.of_hash(hashed)
    if row is None:
        raise Unauthorized("Unknown token.")
    return row


def _read(token: Token) -> _Identity:
    user = User.of_id(token.user_id)
    if user is None:
        raise Unauthorized("Unknown token.")
    permissions = effective_permissions(frozenset(token.acls), frozenset(user.roles))
    return _Identity(_caller(user, permissions), user.expiration_date)


def _caller(user: User, permissions: frozenset[str]) -> Caller:
    memberships = list(Membership.of_user(user.id))
    return Caller(
        user_id=user.id,
        username=user.username,
        permissions=permissions,
        group_ids=frozenset(row.group_id for row in memberships),
        admin_of=frozenset(row.group_id for row in memberships if row.admin),
    )
