"""The embedded AWS of one test process, with the isolated functions."""

import copy
import os
import pickle
from collections.abc import Callable
from typing import Any, Self, TypeVar

from moto.core.model_instances import reset_model_data
from moto.dynamodb.models import dynamodb_backends
from moto.s3.models import FakeKey, FakeMultipart, s3_backends
from moto.sqs.models import sqs_backends

from chalicelib import aws, memory
from infra.local.aws.account import ACCOUNT_ID, REGION
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.resources import create_missing
from infra.local.products.function import IsolatedFunctions, periodograms, products
from tests.support.near_aws import NearAws

MadeT = TypeVar("MadeT")


class Stack:
    """Embedded AWS with all resources; a context manager."""

    def __enter__(self) -> Self:
        self.aws = EmbeddedAws()
        self._near = NearAws(self.aws)
        self.isolated = IsolatedFunctions(
            products(os.environ["SIDEROSTAT_PRODUCTS_FUNCTION"]),
            periodograms(os.environ["SIDEROSTAT_PERIODOGRAMS_FUNCTION"]),
        )
        os.environ["AWS_ENDPOINT_URL"] = self.aws.url
        os.environ["AWS_ENDPOINT_URL_LAMBDA"] = self.isolated.url
        create_missing(os.environ["SIDEROSTAT_PREFIX"], ACCOUNT_ID, REGION)
        self._settings: dict[str, tuple[Any, dict[str, bytes]]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        aws.forget_clients()
        self._near.stop()
        self.isolated.stop()
        self.aws.stop()

    def empty(self) -> None:
        """Remove every item, object and message, behind the API's back because it is a hundred times faster."""
        for table in _tables().values():
            table.items.clear()
        for bucket in s3_backends[ACCOUNT_ID]["aws"].buckets.values():
            bucket.keys.clear()
        for stored in (
            *FakeKey.instances_tracked,
            *FakeMultipart.instances_tracked,
        ):  # what was replaced and removed as well
            stored.dispose()
        for queue in sqs_backends[ACCOUNT_ID][REGION].queues.values():
            queue._messages.clear()
            queue.pending_messages.clear()
            queue.deleted_messages.clear()
        reset_model_data()  # moto lists all that it ever made, which every collection of garbage would look through
        memory.forget()

    def recall(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return what `make` returned when it was first called here, with the tables as they were then.

        Setting a scene through the API takes half a second; most tests begin with the same one.
        """
        if name not in self._settings:
            self.empty()
            made = make()
            self._settings[name] = made, {key: pickle.dumps(table.items) for key, table in _tables().items()}
        self.empty()
        made, items = self._settings[name]
        for key, table in _tables().items():
            table.items.update(pickle.loads(items[key]))
        return copy.copy(made)


def _tables() -> dict[str, Any]:
    """Return our tables by name; a test may have others for a while."""
    tables = dynamodb_backends[ACCOUNT_ID][REGION].tables
    return {name: table for name, table in tables.items() if name.startswith(os.environ["SIDEROSTAT_PREFIX"])}
