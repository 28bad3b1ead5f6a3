"""Pauses of services, and their ends, as events."""

from chalicelib.analyses.items.health import HEALTH_SK, Health
from chalicelib.events.kinds import Event, Kind
from chalicelib.events.record import Happening, record
from chalicelib.services.items.service import Service


def tell_of(service_id: int) -> int:
    """Tell of the latest pause of a service, and of its end; return how many deliveries are new."""
    try:
        health = Health.get(service_id, HEALTH_SK, consistent_read=True)
    except Health.DoesNotExist:
        return 0
    service = Service.of_id(service_id)
    if service is None or service.is_deleted or health.paused_at is None:
        return 0
    events = [Event(Kind.PAUSED, service_id, health.paused_at)]
    if health.resumed_at is not None and health.resumed_at > health.paused_at:
        events.append(Event(Kind.RESUMED, service_id, health.resumed_at))
    return record([Happening(event, service.groups) for event in events])
