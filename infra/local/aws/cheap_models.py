"""Lets moto read the models of services once, and only those that it answers by.

It reads one anew for each of several threads that ask first at once, after a look at all services that botocore knows;
and those of our services to learn their regions, which stand among the endpoints.
"""

import functools
import threading
from typing import Any

from botocore.regions import EndpointResolver
from moto.core import loaders, utils
from moto.core.base_backend import AccountSpecificBackend

from chalicelib.service_models import ServiceModels

NAMED_BY_THEIR_ENDPOINTS = frozenset({"dynamodb", "kms", "s3", "secretsmanager", "sqs"})
"""Services whose models say no other first part of their hosts."""

_generate = AccountSpecificBackend._generate_regions  # noqa: SLF001 - moto offers no other
_reading = threading.Lock()


class _Models(ServiceModels, loaders.Loader):  # type: ignore[misc]  # moto has no types
    """Botocore's, with what moto adds to them."""


def install() -> None:
    """Look for models and regions so from now on."""
    utils._load_service_model = model  # noqa: SLF001 - same
    AccountSpecificBackend._generate_regions = regions  # noqa: SLF001 - same


def model(service: str, kind: str) -> Any:  # noqa: ANN401 - botocore's
    """Return a model of a service, the same to all that ask; it is not to be changed."""
    with _reading:
        return _models().load_service_model(service, kind)


def regions(backend: Any, service: str) -> list[str]:  # noqa: ANN401 - moto has no types
    """Return the regions of a service, in all partitions."""
    if service not in NAMED_BY_THEIR_ENDPOINTS:
        found: list[str] = _generate(backend, service)
        return found
    return [
        region
        for partition in _endpoints().get_available_partitions()
        for region in _endpoints().get_available_endpoints(service, partition)
    ]


@functools.cache
def _models() -> _Models:
    return _Models(extra_search_paths=[loaders.moto_root])


@functools.cache
def _endpoints() -> EndpointResolver:
    return EndpointResolver(_models().load_data("endpoints"))
