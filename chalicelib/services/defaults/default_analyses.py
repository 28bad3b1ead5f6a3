"""Default analyses: who may make, see, change and remove them."""

from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups, require_reach
from chalicelib.http.errors import Conflict, Forbidden, NotFound
from chalicelib.registry import next_number
from chalicelib.services.access import readable_service
from chalicelib.services.defaults.body import DefaultFields, SourceFilter, parsed
from chalicelib.services.defaults.triggers import events_of
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.services.items.trigger import Trigger
from chalicelib.services.parameters import check_parameters

_ATTEMPTS = 5
_PLAIN = ("default_analysis_parameters", "daily_limit", "show_parameters", "show_plots", "show_corner")


def service_of_defaults(caller: Caller, service_id: int) -> Service:
    """Read the service that defaults belong to; raise NotFound if the caller does not reach it."""
    try:
        return readable_service(caller, service_id)
    except Forbidden:
        raise NotFound(f"Analysis service {service_id} not found") from None


def readable_default(caller: Caller, service_id: int, default_id: int) -> DefaultAnalysis:
    """Read a default analysis; raise Forbidden unless one of its groups is the caller's."""
    default = DefaultAnalysis.of_id(service_id, default_id)
    if default is None or not caller.reaches(default.groups):
        raise Forbidden("Cannot access this Default Analysis.")
    return default


def readable_defaults(caller: Caller, service_id: int) -> list[DefaultAnalysis]:
    """Read the default analyses of a service that the caller reaches, in the order of their ids."""
    return [default for default in DefaultAnalysis.of_service(service_id) if caller.reaches(default.groups)]


def create(caller: Caller, service_id: int, fields: DefaultFields) -> int:
    """Store a new default analysis, which will run as the caller; return its number.

    Raises
    ------
    NotFound
        The caller does not reach the service.
    BadRequest
        The service does not declare one of the parameters.
    Forbidden
        The caller is not in one of the groups.
    """
    service = service_of_defaults(caller, service_id)
    default = DefaultAnalysis(service_id, DefaultAnalysis.sk_of(next_number("default_analysis")))
    default.author_id = caller.user_id
    default.group_ids = set(chosen_groups(caller, fields.group_ids))
    _fill(caller, default, service, fields)
    _write(default, frozenset())
    return default.id


def change(caller: Caller, service_id: int, default_id: int, changes: Mapping[str, Any]) -> None:
    """Change some fields of a default analysis, which must be as valid afterwards as a new one."""
    for _ in range(_ATTEMPTS):
        service = service_of_defaults(caller, service_id)
        default = _own_default(caller, service_id, default_id)
        before = _events(default)
        stored = {name: getattr(default, name) for name in (*_PLAIN, "source_filter")}
        fields = parsed({**stored, **changes})
        if fields.group_ids:
            default.group_ids = set(chosen_groups(caller, fields.group_ids))
        _fill(caller, default, service, fields)
        if _write(default, before):
            return
    raise Conflict("This Default Analysis is being changed by others at the same time. Try again.")


def remove(caller: Caller, service_id: int, default_id: int) -> None:
    """Delete a default analysis; what it started stays."""
    service_of_defaults(caller, service_id)
    default = _own_default(caller, service_id, default_id)

    def fill(write: TransactWrite) -> None:
        write.delete(default, add_version_condition=False)
        for event in _events(default):
            write.delete(Trigger.of(default, event))

    transactions.write(fill)


def remove_all(service_id: int) -> None:
    """Delete the default analyses of a deleted service."""
    with DefaultAnalysis.batch_write() as defaults:
        for default in DefaultAnalysis.of_service(service_id):
            defaults.delete(default)
    with Trigger.batch_write() as triggers:
        for trigger in Trigger.of_service(service_id):
            triggers.delete(trigger)


def _own_default(caller: Caller, service_id: int, default_id: int) -> DefaultAnalysis:
    """Read a default that the caller may change: it acts with its author's rights, so others must not direct it."""
    default = readable_default(caller, service_id, default_id)
    if default.author_id != caller.user_id and not caller.is_admin:
        raise Forbidden("Only its author may change this Default Analysis.")
    return default


def _fill(caller: Caller, default: DefaultAnalysis, service: Service, fields: DefaultFields) -> None:
    check_parameters(service, fields.default_analysis_parameters, field="default_analysis_parameters")
    if fields.source_filter.group_id is not None:
        require_reach(caller, [fields.source_filter.group_id])
    for name in _PLAIN:
        setattr(default, name, getattr(fields, name))
    default.source_filter = fields.source_filter.model_dump(exclude_none=True)
    default.modified = clock.now()


def _events(default: DefaultAnalysis) -> frozenset[str]:
    return events_of(SourceFilter(**default.source_filter))


def _write(default: DefaultAnalysis, before: frozenset[str]) -> bool:
    """Store a default with what finds it; False if someone else wrote it after it was read."""
    after = _events(default)

    def fill(write: TransactWrite) -> None:
        write.condition_check(Service, default.service_id, SERVICE_SK, condition=Service.deleted_at.does_not_exist())
        for event in before - after:
            write.delete(Trigger.of(default, event))
        write.save(default)
        for event in after - before:
            write.save(Trigger.of(default, event))

    try:
        transactions.write(fill)
    except TransactWriteError as error:
        if not transactions.condition_failed(error):
            raise
        if transactions.condition_failed(error, 0):
            raise NotFound(f"Analysis service {default.service_id} not found") from None
        return False
    return True
