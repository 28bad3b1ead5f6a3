"""The embedded AWS of one test process, with the isolated functions."""

import copy
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar

from chalicelib import aws, memory
from infra.local.aws import own_resources
from infra.local.aws.embedded_aws import EmbeddedAws
from infra.local.aws.kept import folder
from infra.local.products.function import IsolatedFunctions, periodograms, products
from tests.support import stores
from tests.support.near_aws import NearAws

MadeT = TypeVar("MadeT")


class Stack:
    """Embedded AWS with all resources; a context manager."""

    def __enter__(self) -> Self:
        self._folder = tempfile.TemporaryDirectory(prefix="siderostat-store-") if stores.in_a_folder() else None
        self._taken = None if self._folder is None else folder.take(Path(self._folder.name))
        self.aws = EmbeddedAws(data=None if self._taken is None else self._taken.path)
        self._near = NearAws(self.aws)
        self.isolated = IsolatedFunctions(
            products(os.environ["SIDEROSTAT_PRODUCTS_FUNCTION"]),
            periodograms(os.environ["SIDEROSTAT_PERIODOGRAMS_FUNCTION"]),
        )
        os.environ["AWS_ENDPOINT_URL"] = self.aws.url
        os.environ["AWS_ENDPOINT_URL_LAMBDA"] = self.isolated.url
        own_resources.create(self.aws, None)
        self._settings: dict[str, tuple[Any, stores.Content]] = {}
        return self

    def __exit__(self, *_: object) -> None:
        aws.forget_clients()
        self._near.stop()
        self.isolated.stop()
        self.aws.stop()
        if self._folder is not None and self._taken is not None:
            os.close(self._taken.lock)
            self._folder.cleanup()

    def empty(self) -> None:
        """Remove every item, object and message, behind the API's back because it is a hundred times faster."""
        stores.empty()
        memory.forget()

    def recall(self, name: str, make: Callable[[], MadeT]) -> MadeT:
        """Return what `make` returned when it was first called here, with the tables and the bucket as they were then.

        Setting a scene through the API takes half a second; most tests begin with the same one. Queues are empty.
        """
        if name not in self._settings:
            self.empty()
            made = make()
            self._settings[name] = made, stores.content()
        self.empty()
        made, content = self._settings[name]
        stores.bring_back(content)
        return copy.copy(made)
