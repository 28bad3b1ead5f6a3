"""Builders of services, through the HTTP API."""

import itertools
from typing import Any

from tests.support.api import Api
from tests.support.people import make_group, make_user

_numbers = itertools.count(1)

HEADER_TOKEN = '{"header_token": {"Authorization": "Bearer MY_TOKEN"}}'


def service_body(**changes: Any) -> dict[str, Any]:
    """What registers a service; a key whose value is `...` is left out."""
    body = {
        "name": f"Fitter {next(_numbers)}",
        "url": "https://service.example.org/analysis",
        "authentication_type": "none",
        "analysis_type": "lightcurve_fitting",
        "input_data_types": ["photometry", "redshift"],
        **changes,
    }
    return {name: value for name, value in body.items() if value is not ...}


def register(manager: Api, **changes: Any) -> int:
    """Register a service and return its number."""
    return manager.post("/api/analysis_service", service_body(**changes)).data["id"]


def manager_of(admin: Api, *groups: int) -> Api:
    """Make a person who manages services, in these groups."""
    return make_user(admin, roles=["Group admin"], groups=groups or [make_group(admin)])
