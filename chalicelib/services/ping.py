"""Asking a service whether it is there."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.services.access import readable_service
from chalicelib.services.plain_http import warnings_about
from chalicelib.settings import settings

_CONNECT_SECONDS = 5
_TOTAL_SECONDS = 15


def ping(caller: Caller, service_id: int) -> dict[str, Any]:
    """Call the service's URL by GET, without credentials, and return what came back.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    # most requests call nobody: the API begins without what calls
    import requests  # noqa: PLC0415

    from chalicelib.outgoing.bounded_http import Limits  # noqa: PLC0415
    from chalicelib.outgoing.post import send  # noqa: PLC0415

    service = readable_service(caller, service_id)
    limits = Limits(connect_seconds=_CONNECT_SECONDS, total_seconds=_TOTAL_SECONDS)
    outcome = send(requests.Request("GET", service.url), allowed_hosts=settings().allowed_hosts, limits=limits)
    return {
        "answered": outcome.http_status is not None,
        "active": outcome.kind == "taken",
        "http_status": outcome.http_status,
        "milliseconds": outcome.milliseconds,
        "message": outcome.text,
        "warnings": warnings_about(service),
    }
