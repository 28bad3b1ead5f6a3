"""Registers a service, changes it and removes it."""

from collections.abc import Mapping
from typing import Any

from chalicelib import aws, clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.registry import next_number
from chalicelib.services import store
from chalicelib.services.access import readable_service
from chalicelib.services.body import COLUMNS, STORED, ServiceFields, parsed
from chalicelib.services.credentials import seal
from chalicelib.services.defaults.default_analyses import remove_all
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.settings import settings

_CLEANUP_DELAY_SECONDS = 35
"""Longer than the API function may run (29 s)."""


def register(caller: Caller, fields: ServiceFields) -> Service:
    """Store a new service and return it.

    Raises
    ------
    BadRequest
        The name is taken.
    Forbidden
        The caller is not in one of the groups.
    """
    group_ids = chosen_groups(caller, fields.group_ids)
    number = next_number("service")
    service = Service(number, SERVICE_SK, group_ids=set(group_ids), trusted=_is_ours(fields.url), **_columns(fields))
    if fields.authinfo is not None:
        service.secret = seal(number, fields.authinfo)
    store.insert(service)
    return service


def change(caller: Caller, service_id: int, changes: Mapping[str, Any]) -> Service:
    """Change some fields of a service, which must be as valid afterwards as a new one; return it.

    Trust is withdrawn when someone who is not a System admin leads the service elsewhere.
    """

    def edit(service: Service) -> None:
        fields = parsed(_merged(service, changes))
        if fields.group_ids:
            service.group_ids = set(chosen_groups(caller, fields.group_ids))
        if fields.url != service.url:
            service.trusted = _is_ours(fields.url) or (service.trusted and caller.is_admin)
        if fields.authinfo is not STORED:
            service.secret = None if fields.authinfo is None else seal(service_id, fields.authinfo)
        for name, value in _columns(fields).items():
            setattr(service, name, value)

    return store.revise(caller, service_id, edit)


def remove(caller: Caller, service_id: int) -> None:
    """Hide a service from now on, and have its analyses and their products removed in the background.

    The message to the cleanup queue goes first, late enough to find the tombstone, so that a crash in between loses
    nothing; whoever receives it asks `access.is_deleted`.
    """
    readable_service(caller, service_id)
    aws.send("cleanup", {"kind": "service", "service_id": service_id}, delay_seconds=_CLEANUP_DELAY_SECONDS)

    def bury(service: Service) -> None:
        service.deleted_at = clock.now()
        service.secret = service.signing_secret = None

    store.revise(caller, service_id, bury)
    remove_all(service_id)


def limit(caller: Caller, service_id: int, max_in_flight: int | None) -> None:
    """Set how many analyses the service has at a time; None is no limit."""

    def edit(service: Service) -> None:
        service.max_in_flight = max_in_flight

    store.revise(caller, service_id, edit)


def trust(caller: Caller, service_id: int, *, trusted: bool) -> None:
    """Decide whether the service may be handed users' LLM keys."""

    def edit(service: Service) -> None:
        service.trusted = trusted

    store.revise(caller, service_id, edit)


def _is_ours(url: str) -> bool:
    """Say whether a URL is the summarizer's that we ship: trusted from the start, whoever registers it."""
    return url == settings().summarizer_url


def _columns(fields: ServiceFields) -> dict[str, Any]:
    return {name: getattr(fields, name) for name in COLUMNS}


def _merged(service: Service, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields as they would be; the credentials stay unless they or their type are given anew."""
    stored = {name: getattr(service, name) for name in COLUMNS}
    given_anew = any(changes.get(name) is not None for name in ("_authinfo", "authinfo"))
    same_type = changes.get("authentication_type", service.authentication_type) == service.authentication_type
    kept = {"_authinfo": STORED} if service.secret and same_type and not given_anew else {}
    return {**stored, **changes, **kept}
