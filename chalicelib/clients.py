"""Clients of AWS: one for each service and process, made under a lock, and asked with little work.

A client takes a tenth of a second to make, and neither boto3 nor PynamoDB makes it safely in several threads at once.
"""

import threading
from functools import partial
from typing import Any

import botocore.session
from botocore.config import Config
from botocore.handlers import add_expect_header
from pynamodb.connection import Connection

from chalicelib import stored_items
from chalicelib.json_calls import JsonCalls
from chalicelib.lean_endpoint import LeanEndpoint
from chalicelib.object_calls import ObjectCalls
from chalicelib.plain_http import PlainSession
from chalicelib.service_models import ServiceModels

_CONFIG = Config(
    retries={"mode": "standard", "total_max_attempts": 3},
    connect_timeout=3,
    read_timeout=29,
    max_pool_connections=32,
    # what is asked is typed by us and checked by AWS; what is stored is signed with its SHA-256
    parameter_validation=False,
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
    account_id_endpoint_mode="disabled",
)
_DIFFERENT = {
    "s3": Config(signature_version="s3v4"),
    "dynamodb": Config(retries={"mode": "standard", "total_max_attempts": 4}),
    # making products takes up to two minutes, and is not asked for twice
    "lambda": Config(read_timeout=130, retries={"total_max_attempts": 1}),
}
_BELOW_ITS_URL = Config(s3={"addressing_style": "path"})
"""A URL that is given has no names of buckets before its host."""
_STRAIGHT = {"dynamodb": JsonCalls, "sqs": JsonCalls, "secretsmanager": JsonCalls, "s3": ObjectCalls}
_ALWAYS_USED = ("dynamodb", "sqs", "s3")

_making = threading.Lock()
_made: dict[tuple[str, float | None, str | None], Any] = {}
_sessions: list[botocore.session.Session] = []


def client(service: str, seconds: float | None = None, url: str | None = None) -> Any:  # noqa: ANN401 - made at run time
    """Return the client of a service.

    Parameters
    ----------
    service : str
        As botocore names it.
    seconds : float, optional
        How long an answer is waited for, if not as long as usual.
    url : str, optional
        Where the service is, if not where the environment says.
    """
    made = _made.get((service, seconds, url))
    return _make(service, seconds, url) if made is None else made


def prepare() -> None:
    """Make the clients that every process uses, before the first request does."""
    for service in _ALWAYS_USED:
        client(service)


def forget(service: str | None = None) -> None:
    """Drop the clients of a service, or all: for tests that change the endpoint."""
    with _making:
        for known in list(_made):
            if service in {None, known[0]}:
                del _made[known]
        if service is None:
            _sessions.clear()


def _make(service: str, seconds: float | None, url: str | None) -> Any:  # noqa: ANN401 - same
    with _making:
        if (service, seconds, url) not in _made:
            config = _CONFIG.merge(_DIFFERENT.get(service, Config()))
            config = config if seconds is None else config.merge(Config(read_timeout=seconds))
            config = config if url is None else config.merge(_BELOW_ITS_URL)
            made: Any = _session().create_client(service, config=config, endpoint_url=url)
            if service in _STRAIGHT:
                LeanEndpoint.take_over(made)
            PlainSession.take_over(made)
            if service == "s3":  # our objects are small: asking first whether they may be sent costs a round trip
                made.meta.events.unregister("before-call.s3", add_expect_header)
            said = made._user_agent_creator.to_string()  # noqa: SLF001 - botocore offers no other place
            made._user_agent_creator.to_string = lambda: said  # noqa: SLF001 - same; else written twice for each call
            _made[service, seconds, url] = made
        return _made[service, seconds, url]


def _session() -> botocore.session.Session:
    if not _sessions:
        session = botocore.session.Session()
        ServiceModels.take_over(session)
        for service, base in _STRAIGHT.items():
            session.register(f"creating-client-class.{service}", partial(_add_base, base))
        _sessions.append(session)
    return _sessions[0]


def _add_base(base: type, **event: Any) -> None:  # noqa: ANN401 - same
    event["base_classes"].insert(0, base)


def _shared(_connection: Connection) -> Any:  # noqa: ANN401 - same
    return client("dynamodb")


Connection.client = property(_shared)  # type: ignore[assignment, method-assign]  # else each model makes its own
stored_items.install()
