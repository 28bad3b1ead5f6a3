"""API tokens: made, listed, changed and revoked by their owners and by administrators."""

from collections.abc import Callable
from typing import Annotated, Any

from pydantic import StringConstraints
from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.granting import require_acls, require_authority
from chalicelib.accounts.identity import forget_identities
from chalicelib.accounts.items.token import Token, TokenName
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import MANAGE_USERS, permissions_of
from chalicelib.accounts.token_hash import TokenHash, is_token_id, new_token
from chalicelib.accounts.users.body import Names
from chalicelib.accounts.users.users import existing_user, seen_by
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.http.parsing import Body, Id

Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)
]  # a part of a sort key, which holds 1024 bytes


class TokenBody(Body):
    """What makes a token."""

    name: Name
    acls: Names
    user_id: Id | None = None


class TokenChange(Body):
    """What may change about a token; what is missing or null stays."""

    name: Name | None = None
    acls: Names | None = None


def create_token(caller: Caller, body: TokenBody) -> str:
    """Make a token for the caller or, by a manager, for somebody else; return it, the only time that it is shown.

    Raises
    ------
    BadRequest
        The owner has a token of that name, or lacks one of the ACLs.
    Forbidden
        The caller may not make tokens for this user, or lacks one of the ACLs.
    """
    owner = _owner(caller, caller.user_id if body.user_id is None else body.user_id)
    token = new_token()
    row = Token.hashed(TokenHash.of(token))
    row.user_id, row.name = owner.id, body.name
    row.acls = require_acls(caller, body.acls, permissions_of(frozenset(owner.roles)))

    def fill(write: TransactWrite) -> None:
        write.save(TokenName.of(row), condition=TokenName.pk.does_not_exist())
        write.save(row, condition=Token.pk.does_not_exist())

    _commit(fill, body.name, name_index=0)
    return token


def list_tokens(caller: Caller, user_id: int | None) -> list[dict[str, Any]]:
    """Return the caller's tokens or, for a manager, somebody else's, oldest first."""
    owner = _owner(caller, caller.user_id if user_id is None else user_id)
    rows = tokens_of(owner.id)
    return [_record(caller, owner, row) for row in rows]


def tokens_of(user_id: int) -> list[Token]:
    """Read a user's tokens, oldest first."""
    keys = [(name.token_pk, name.token_sk) for name in TokenName.of_user(user_id)]
    rows = list(Token.batch_get(keys, consistent_read=True)) if keys else []
    return sorted(rows, key=lambda row: row.created_at)


def token_record(caller: Caller, token: str) -> dict[str, Any]:
    """Return one token, found by itself or by its id."""
    row, owner = _reached(caller, token)
    return _record(caller, owner, row)


def change_token(caller: Caller, token: str, change: TokenChange) -> None:
    """Give a token another name or other ACLs.

    Raises
    ------
    BadRequest, Forbidden
        As for a new token.
    """
    row, owner = _reached(caller, token)
    named_before = TokenName.of(row)
    row.name = change.name or row.name
    if change.acls is not None:
        row.acls = require_acls(caller, change.acls, permissions_of(frozenset(owner.roles)))
    row.modified = clock.now()
    renamed = named_before.sk != TokenName.of(row).sk

    def fill(write: TransactWrite) -> None:
        if renamed:
            write.delete(named_before)
            write.save(TokenName.of(row), condition=TokenName.pk.does_not_exist())
        write.save(row, condition=Token.pk.exists())

    _commit(fill, row.name, name_index=1 if renamed else None)


def revoke_token(caller: Caller, token: str) -> None:
    """Delete a token, found by itself or by its id."""
    row, _ = _reached(caller, token)

    def fill(write: TransactWrite) -> None:
        write.delete(TokenName.of(row))
        write.delete(row)

    transactions.write(fill)
    forget_identities()


def _owner(caller: Caller, user_id: int) -> User:
    if caller.user_id != user_id and not caller.may(MANAGE_USERS):
        raise Forbidden("Only administrators may see or make the tokens of others.")
    owner = existing_user(user_id)
    require_authority(caller, owner)
    return owner


def _reached(caller: Caller, token: str) -> tuple[Token, User]:
    if is_token_id(token):
        rows = Token.of_id(token)
        row = rows[0] if len(rows) == 1 else None
    else:
        row = Token.of_hash(TokenHash.of(token))
    if row is None or (caller.user_id != row.user_id and not caller.may(MANAGE_USERS)):
        raise Forbidden("Cannot access this token.")
    return row, _owner(caller, row.user_id)


def _record(caller: Caller, owner: User, row: Token) -> dict[str, Any]:
    return {
        "id": row.id,
        "created_at": clock.iso(row.created_at),
        "modified": clock.iso(row.modified),
        "created_by_id": owner.id,
        "created_by": seen_by(caller, owner),
        "name": row.name,
        "acls": [{"id": acl} for acl in row.acls],
    }


def _commit(fill: Callable[[TransactWrite], None], name: str, *, name_index: int | None) -> None:
    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if name_index is not None and transactions.condition_failed(error, name_index):
            raise BadRequest(f"Duplicate token name: {name!r} is the name of another token of this owner.") from error
        if transactions.condition_failed(error):
            raise Forbidden("Cannot access this token.") from error  # revoked meanwhile
        raise
    forget_identities()
