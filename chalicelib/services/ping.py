"""Asking a service whether it is there."""

from typing import Any

import requests

from chalicelib.accounts.caller import Caller
from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import send
from chalicelib.services.access import readable_service
from chalicelib.services.plain_http import warnings_about
from chalicelib.settings import settings

_LIMITS = Limits(connect_seconds=5, total_seconds=15)


def ping(caller: Caller, service_id: int) -> dict[str, Any]:
    """Call the service's URL by GET, without credentials, and return what came back.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    service = readable_service(caller, service_id)
    outcome = send(requests.Request("GET", service.url), allowed_hosts=settings().allowed_hosts, limits=_LIMITS)
    return {
        "answered": outcome.http_status is not None,
        "active": outcome.kind == "taken",
        "http_status": outcome.http_status,
        "milliseconds": outcome.milliseconds,
        "message": outcome.text,
        "warnings": warnings_about(service),
    }
