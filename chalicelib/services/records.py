"""Services and default analyses as JSON, as SkyPortal shows them."""

from collections.abc import Iterable
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.users.users import user_record
from chalicelib.services.body import COLUMNS
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.service import Service
from chalicelib.services.parameters import declared_by


def remember_groups(records: Iterable[Service | DefaultAnalysis]) -> None:
    """Read the groups of all that a list shows together, so that none costs a call of its own."""
    group_records(number for record in records for number in record.groups)


def service_record(caller: Caller, service: Service) -> dict[str, Any]:
    """Return one service: every column but the credentials, and the groups that the caller can see."""
    return {
        "id": service.service_id,
        "created_at": clock.iso(service.created_at),
        "modified": clock.iso(service.modified),
        **{name: getattr(service, name) for name in COLUMNS},
        "groups": _groups(caller, service.groups),
    }


def listed_service(caller: Caller, service: Service) -> dict[str, Any]:
    """Return one service of a list: SkyPortal shows its declared parameters as an object there."""
    return {**service_record(caller, service), "optional_analysis_parameters": declared_by(service)}


def default_record(caller: Caller, default: DefaultAnalysis, service: Service) -> dict[str, Any]:
    """Return one default analysis with its author and its service."""
    today = default.day == clock.now().date().isoformat()
    return {
        "id": default.id,
        "created_at": clock.iso(default.created_at),
        "modified": clock.iso(default.modified),
        "analysis_service_id": default.service_id,
        "author_id": default.author_id,
        "show_parameters": default.show_parameters,
        "show_plots": default.show_plots,
        "show_corner": default.show_corner,
        "default_analysis_parameters": default.default_analysis_parameters,
        "source_filter": default.source_filter,
        "stats": {
            "daily_limit": default.daily_limit,
            "daily_count": default.daily_count if today else 0,
            "last_run": None if default.last_run is None else clock.iso(default.last_run),
        },
        "groups": _groups(caller, default.groups),
        "author": user_record(default.author_id),
        "analysis_service": service_record(caller, service),
    }


def _groups(caller: Caller, ids: frozenset[int]) -> list[dict[str, Any]]:
    return group_records(ids if caller.is_admin else ids & caller.group_ids)
