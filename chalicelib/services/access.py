"""Which services a caller reaches."""

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import Forbidden
from chalicelib.services.items.reach import EVERYTHING, Reach
from chalicelib.services.items.service import Service


def readable_service(caller: Caller, service_id: int) -> Service:
    """Read a service.

    Raises
    ------
    Forbidden
        It does not exist, is deleted, or belongs to other groups: the answer is the same.
    """
    service = Service.of_id(service_id)
    if service is None or not _reaches(caller, service):
        raise Forbidden("Cannot access this Analysis Service.")
    return service


def readable_services(caller: Caller) -> list[Service]:
    """Read the services that the caller reaches, in the order of their ids; one query a group."""
    groups = {EVERYTHING} if caller.is_admin else caller.group_ids
    ids = {service_id for group_id in groups for service_id in Reach.services_of(group_id)}
    return [service for service in Service.of_ids(ids) if _reaches(caller, service)]


def is_deleted(service_id: int) -> bool:
    """Say whether a service was deleted, so that what belongs to it may be removed."""
    service = Service.of_id(service_id)
    return service is not None and service.is_deleted


def _reaches(caller: Caller, service: Service) -> bool:
    return not service.is_deleted and caller.reaches(service.groups)
