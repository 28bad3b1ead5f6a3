"""API tokens."""

from typing import Any

from pydantic import Field

from chalicelib.accounts import tokens
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.routes.blueprint import answers, blueprint
from chalicelib.http.parsing import Id, Query


class TokensQuery(Query):
    """Parameters of the list of tokens."""

    user_id: Id | None = Field(default=None, alias="userID")


@endpoint(blueprint, "GET", "/api/internal/tokens", answers=lambda: list[answers.Token])
def get_tokens(caller: Caller, query: TokensQuery) -> list[dict[str, Any]]:
    """List the caller's tokens or, for administrators, somebody else's."""
    return tokens.list_tokens(caller, query.user_id)


@endpoint(blueprint, "GET", "/api/internal/tokens/{token_id}", answers=lambda: answers.Token)
def get_token(caller: Caller, token_id: str) -> dict[str, Any]:
    """Return a token, found by itself or by its id."""
    return tokens.token_record(caller, token_id)


@endpoint(blueprint, "POST", "/api/internal/tokens", answers=lambda: answers.NewToken)
def post_token(caller: Caller, body: tokens.TokenBody) -> dict[str, str]:
    """Make a token; it is shown this once."""
    return {"token_id": tokens.create_token(caller, body)}


@endpoint(blueprint, "PUT", "/api/internal/tokens/{token_id}")
def put_token(caller: Caller, token_id: str, body: tokens.TokenChange) -> None:
    """Change a token's name or ACLs."""
    tokens.change_token(caller, token_id, body)


@endpoint(blueprint, "DELETE", "/api/internal/tokens/{token_id}")
def delete_token(caller: Caller, token_id: str) -> None:
    """Revoke a token."""
    tokens.revoke_token(caller, token_id)
