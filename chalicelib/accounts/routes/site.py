"""What the site knows and accepts: roles, permissions, lists of values."""

from typing import Any

from pynamodb.exceptions import PynamoDBException

from chalicelib.accounts import enumerations
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.groups.groups import group_records, public_group
from chalicelib.accounts.items.user import User
from chalicelib.accounts.permissions import ALL, ROLES, SYSTEM_ADMIN
from chalicelib.accounts.routes.blueprint import answers, blueprint
from chalicelib.http.endpoint import Content
from chalicelib.http.endpoint import endpoint as open_endpoint
from chalicelib.http.envelope import Reply
from chalicelib.http.errors import NotFound, Unavailable
from chalicelib.metrics.open_metrics import CONTENT_TYPE, exposition
from chalicelib.settings import settings

_RETRY_SECONDS = 5


@endpoint(blueprint, "GET", "/api/roles", answers=lambda: list[answers.Role])
def get_roles(caller: Caller) -> list[dict[str, Any]]:  # noqa: ARG001 - any caller
    """List the roles, each with the permissions that it grants; they are as old as the site."""
    (site,) = group_records([public_group()])
    since = dict.fromkeys(("created_at", "modified"), site["created_at"])
    return [{"id": role, **since, "acls": sorted(permissions)} for role, permissions in ROLES.items()]


@endpoint(blueprint, "GET", "/api/acls")
def get_acls(caller: Caller) -> list[str]:  # noqa: ARG001 - any caller
    """List the permissions."""
    return sorted(ALL)


@endpoint(blueprint, "GET", "/api/enum_types", whole=True)
def get_enum_types(caller: Caller) -> dict[str, list[str]]:  # noqa: ARG001 - any caller
    """Return the values that the API accepts, by the name of their kind; an empty list for what does not exist here."""
    return enumerations.declared()


@endpoint(
    blueprint,
    "GET",
    "/api/metrics",
    permission=SYSTEM_ADMIN,
    answers=lambda: Content((CONTENT_TYPE,)),
    raises=(NotFound,),
)
def get_metrics(caller: Caller) -> Reply:  # noqa: ARG001 - any administrator
    """Return what the processes of this machine have counted and measured, as OpenMetrics text."""
    if settings().lambda_name:
        raise NotFound("On AWS the metrics are in CloudWatch, in the namespace Siderostat.")
    return Reply(exposition(), CONTENT_TYPE)


@open_endpoint(blueprint, "GET", "/api/sysinfo", answers=lambda: answers.SystemInfo)
def get_sysinfo() -> dict[str, Any]:
    """Say that the site is up, to anyone: the version stands in the envelope, and no commits are told."""
    return {"gitlog": []}


@open_endpoint(blueprint, "GET", "/api/health", answers=lambda: answers.Health, raises=(Unavailable,))
def get_health() -> dict[str, Any]:
    """Say whether the site can read what it keeps, for proxies and monitors.

    Raises
    ------
    Unavailable
        It cannot.
    """
    try:
        User.of_id(1)  # whether there is one is of no consequence
    except PynamoDBException:
        raise Unavailable("What the site keeps cannot be read.", retry_after=_RETRY_SECONDS) from None
    return {"healthy": True}
