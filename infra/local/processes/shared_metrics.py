"""A folder in which the processes of a stack add up what they count."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def shared_metrics() -> Iterator[None]:
    """Name the folder to every process that is started in here; it goes with the stack."""
    with tempfile.TemporaryDirectory(prefix="siderostat-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        try:
            yield
        finally:
            del os.environ["PROMETHEUS_MULTIPROC_DIR"]
