"""The endpoints of analysis services and their default analyses."""

from typing import TYPE_CHECKING, Annotated, Any

from chalice.app import Blueprint
from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import MANAGE_ANALYSIS_SERVICES, RUN_ANALYSES, SYSTEM_ADMIN
from chalicelib.accounts.users.users import remember_users
from chalicelib.http.envelope import Reply, success
from chalicelib.http.late import Late, record
from chalicelib.http.parsing import Body
from chalicelib.services import access, records, register, signing
from chalicelib.services.body import ServiceChanges, ServiceFields
from chalicelib.services.defaults import default_analyses
from chalicelib.services.defaults.body import DefaultChanges, DefaultFields
from chalicelib.services.form import fields_of
from chalicelib.services.ping import ping
from chalicelib.services.plain_http import warning_header, warnings_about

if TYPE_CHECKING:
    from chalicelib.services import answers
else:
    answers = Late("chalicelib.services.answers")

blueprint = Blueprint(__name__)

_SERVICES = "/api/analysis_service"
_SERVICE = f"{_SERVICES}/{{service_id}}"
_DEFAULTS = f"{_SERVICE}/default_analysis"
_DEFAULT = f"{_DEFAULTS}/{{default_id}}"


class LimitsBody(Body):
    """Limits of a service."""

    max_in_flight: Annotated[int, Field(ge=1, le=10_000)] | None


@endpoint(blueprint, "POST", _SERVICES, permission=MANAGE_ANALYSIS_SERVICES, answers=lambda: record.NewId)
def post_service(caller: Caller, body: ServiceFields) -> Reply:
    """Register an analysis service.

    At a plain http:// URL a `Warning` header names the secrets that are sent to it unencrypted.
    """
    service = register.register(caller, body)
    return success({"id": service.service_id}, warning_header(service))


@endpoint(blueprint, "GET", _SERVICES, answers=lambda: list[answers.Service])
def get_services(caller: Caller) -> list[dict[str, Any]]:
    """List the analysis services of the caller's groups."""
    services = access.readable_services(caller)
    records.remember_groups(services)
    return [records.listed_service(caller, service) for service in services]


@endpoint(blueprint, "GET", _SERVICE, answers=lambda: answers.Service)
def get_service(caller: Caller, service_id: int) -> Reply:
    """Return one analysis service.

    At a plain http:// URL a `Warning` header names the secrets that are sent to it unencrypted.
    """
    service = access.readable_service(caller, service_id)
    return success(records.service_record(caller, service), warning_header(service))


@endpoint(blueprint, "GET", f"{_SERVICE}/warnings", answers=lambda: answers.Warnings)
def get_warnings(caller: Caller, service_id: int) -> dict[str, Any]:
    """Name the secrets that an analysis service at a plain http:// URL is sent unencrypted."""
    return {"warnings": warnings_about(access.readable_service(caller, service_id))}


@endpoint(blueprint, "GET", f"{_SERVICE}/form", answers=lambda: answers.Form)
def get_form(caller: Caller, service_id: int) -> dict[str, Any]:
    """Return the parameters that an analysis service declares as the fields of a form, with their defaults."""
    return {"fields": fields_of(access.readable_service(caller, service_id))}


@endpoint(blueprint, "PATCH", _SERVICE, permission=MANAGE_ANALYSIS_SERVICES, answers=lambda: record.Nothing)
def patch_service(caller: Caller, service_id: int, body: ServiceChanges) -> Reply:
    """Change some fields of an analysis service.

    At a plain http:// URL a `Warning` header names the secrets that are sent to it unencrypted.
    """
    return success(headers=warning_header(register.change(caller, service_id, body.root)))


@endpoint(blueprint, "DELETE", _SERVICE, permission=MANAGE_ANALYSIS_SERVICES)
def delete_service(caller: Caller, service_id: int) -> None:
    """Remove an analysis service, its analyses and their products."""
    register.remove(caller, service_id)


@endpoint(blueprint, "POST", f"{_SERVICE}/ping", answers=lambda: answers.Ping)
def post_ping(caller: Caller, service_id: int) -> dict[str, Any]:
    """Call an analysis service by GET and see what comes back."""
    return ping(caller, service_id)


@endpoint(blueprint, "PUT", f"{_SERVICE}/limits", permission=MANAGE_ANALYSIS_SERVICES)
def put_limits(caller: Caller, service_id: int, body: LimitsBody) -> None:
    """Set how many analyses a service is sent at a time."""
    register.limit(caller, service_id, body.max_in_flight)


@endpoint(blueprint, "GET", f"{_SERVICE}/limits", answers=lambda: answers.Limits)
def get_limits(caller: Caller, service_id: int) -> dict[str, Any]:
    """Say how many analyses a service is sent at a time."""
    return {"max_in_flight": access.readable_service(caller, service_id).max_in_flight}


@endpoint(blueprint, "GET", f"{_SERVICE}/trust", answers=lambda: answers.Trust)
def get_trust(caller: Caller, service_id: int) -> dict[str, Any]:
    """Say whether users' LLM keys may be handed to a service."""
    return {"trusted": access.readable_service(caller, service_id).trusted}


@endpoint(blueprint, "PUT", f"{_SERVICE}/trust", permission=SYSTEM_ADMIN)
def put_trust(caller: Caller, service_id: int) -> None:
    """Allow that users' LLM keys are handed to a service."""
    register.trust(caller, service_id, trusted=True)


@endpoint(blueprint, "DELETE", f"{_SERVICE}/trust", permission=SYSTEM_ADMIN)
def delete_trust(caller: Caller, service_id: int) -> None:
    """Allow it no longer."""
    register.trust(caller, service_id, trusted=False)


@endpoint(blueprint, "POST", f"{_SERVICE}/signing_secret", permission=MANAGE_ANALYSIS_SERVICES)
def post_signing_secret(caller: Caller, service_id: int) -> dict[str, str]:
    """Make the secret that signs what a service is sent, and return it, this once."""
    return {"signing_secret": signing.renew(caller, service_id)}


@endpoint(blueprint, "DELETE", f"{_SERVICE}/signing_secret", permission=MANAGE_ANALYSIS_SERVICES)
def delete_signing_secret(caller: Caller, service_id: int) -> None:
    """Send the service unsigned requests again."""
    signing.forget(caller, service_id)


@endpoint(blueprint, "POST", _DEFAULTS, permission=RUN_ANALYSES, answers=lambda: record.NewId)
def post_default(caller: Caller, service_id: int, body: DefaultFields) -> dict[str, int]:
    """Have an analysis started whenever something happens to a source."""
    return {"id": default_analyses.create(caller, service_id, body)}


@endpoint(blueprint, "GET", _DEFAULTS, answers=lambda: list[answers.DefaultAnalysis])
def get_defaults(caller: Caller, service_id: int) -> list[dict[str, Any]]:
    """List the default analyses of a service."""
    service = default_analyses.service_of_defaults(caller, service_id)
    defaults = default_analyses.readable_defaults(caller, service_id)
    records.remember_groups(defaults)
    remember_users(default.author_id for default in defaults)
    return [records.default_record(caller, default, service) for default in defaults]


@endpoint(blueprint, "GET", _DEFAULT, answers=lambda: answers.DefaultAnalysis)
def get_default(caller: Caller, service_id: int, default_id: int) -> dict[str, Any]:
    """Return one default analysis."""
    service = default_analyses.service_of_defaults(caller, service_id)
    return records.default_record(caller, default_analyses.readable_default(caller, service_id, default_id), service)


@endpoint(blueprint, "PATCH", _DEFAULT, permission=RUN_ANALYSES)
def patch_default(caller: Caller, service_id: int, default_id: int, body: DefaultChanges) -> None:
    """Change some fields of a default analysis."""
    default_analyses.change(caller, service_id, default_id, body.root)


@endpoint(blueprint, "DELETE", _DEFAULT, permission=RUN_ANALYSES)
def delete_default(caller: Caller, service_id: int, default_id: int) -> None:
    """Delete a default analysis; what it started stays."""
    default_analyses.remove(caller, service_id, default_id)
