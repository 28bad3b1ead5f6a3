"""The edge with authentication: what every endpoint but the webhook stands behind."""

from collections.abc import Callable, Mapping
from typing import Unpack

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.sessions import caller_of
from chalicelib.http.endpoint import Facts, View
from chalicelib.http.endpoint import endpoint as open_endpoint
from chalicelib.http.errors import Unauthorized


def endpoint(
    blueprint: Blueprint, method: str, path: str, *, permission: str | None = None, **facts: Unpack[Facts]
) -> Callable[[View], View]:
    """Register a view for callers with a token or a session, which must carry `permission` if one is named."""

    def authenticate(headers: Mapping[str, str]) -> Caller:
        caller = caller_of(method, headers)
        if permission is not None and not caller.may(permission):
            raise Unauthorized(f"This token lacks the permission {permission!r}.")
        return caller

    return open_endpoint(blueprint, method, path, authenticate=authenticate, permission=permission, **facts)
