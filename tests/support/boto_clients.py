"""Remembers the clients that tests ask boto3 for: making one takes longer than most of what it is asked."""

import os
from typing import Any

import boto3

_make = boto3.client
_made: dict[tuple[str, ...], Any] = {}


def remember() -> None:
    """Let boto3 return the client of a service and an endpoint that it has made, if nothing else is said of it."""
    boto3.client = _client


def _client(service: str, **wanted: Any) -> Any:
    if wanted:
        return _plain_spoken(_make(service, **wanted))
    named = (f"AWS_ENDPOINT_URL_{service.upper()}", "AWS_ENDPOINT_URL", "AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID")
    key = (service, *(os.environ.get(name, "") for name in named))
    if key not in _made:
        _made[key] = _plain_spoken(_make(service))
    return _made[key]


def _plain_spoken(client: Any) -> Any:
    """Let a client say always the same of itself; it would write that anew, twice for each call, letter by letter."""
    said = client._user_agent_creator.to_string()
    client._user_agent_creator.to_string = lambda: said
    return client
