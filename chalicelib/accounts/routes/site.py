"""What the site knows and accepts: roles, permissions, lists of values."""

from typing import Any

from chalicelib.accounts import answers, enumerations
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.groups.groups import group_records, public_group
from chalicelib.accounts.permissions import ALL, ROLES
from chalicelib.accounts.routes.blueprint import blueprint
from chalicelib.http.endpoint import endpoint as open_endpoint


@endpoint(blueprint, "GET", "/api/roles", answers=list[answers.Role])
def get_roles(caller: Caller) -> list[dict[str, Any]]:  # noqa: ARG001 - any caller
    """List the roles, each with the permissions that it grants; they are as old as the site."""
    (site,) = group_records([public_group()])
    since = dict.fromkeys(("created_at", "modified"), site["created_at"])
    return [{"id": role, **since, "acls": sorted(permissions)} for role, permissions in ROLES.items()]


@endpoint(blueprint, "GET", "/api/acls")
def get_acls(caller: Caller) -> list[str]:  # noqa: ARG001 - any caller
    """List the permissions."""
    return sorted(ALL)


@endpoint(blueprint, "GET", "/api/enum_types")
def get_enum_types(caller: Caller) -> dict[str, list[str]]:  # noqa: ARG001 - any caller
    """Return the values that the API accepts, by the name of their kind; an empty list for what does not exist here."""
    return enumerations.declared()


@open_endpoint(blueprint, "GET", "/api/sysinfo", answers=answers.SystemInfo)
def get_sysinfo() -> dict[str, Any]:
    """Say that the site is up, to anyone: the version stands in the envelope, and no commits are told."""
    return {"gitlog": []}
