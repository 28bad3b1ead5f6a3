"""The same metrics as OpenMetrics text, added up over all processes of one machine.

The processes share a folder, which the environment names (`PROMETHEUS_MULTIPROC_DIR`, prometheus_client's own); without
one a process knows what it has counted itself.
"""

import re
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.metrics.names import DESCRIPTIONS, Count, Seconds
from chalicelib.settings import settings

if TYPE_CHECKING:
    from prometheus_client import Counter, Histogram

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_BUCKETS = (0.1, 0.3, 1, 3, 10, 30, 60, 180, 600, 1800, 3600, 10_800, 36_000, 86_400)
_LABELS: dict[Count | Seconds, tuple[str, ...]] = {Count.ENDED: ("service", "state")}

_instruments: "dict[Count | Seconds, Counter | Histogram]" = {}
_making = threading.Lock()


def add(what: Count | Seconds, value: float, labels: Mapping[str, str]) -> None:
    """Add to a counter, or a number of seconds to a histogram."""
    instrument = _instrument(what)
    if what in _LABELS:
        instrument = instrument.labels(*(labels.get(name.title(), "") for name in _LABELS[what]))
    if isinstance(what, Seconds):
        instrument.observe(value)  # type: ignore[union-attr]
    else:
        instrument.inc(value)  # type: ignore[union-attr]


def exposition() -> bytes:
    """Return all metrics as OpenMetrics text, those too that nothing was counted of yet."""
    from prometheus_client import CollectorRegistry, multiprocess  # noqa: PLC0415 - not before somebody asks
    from prometheus_client import registry as registries  # noqa: PLC0415
    from prometheus_client.openmetrics.exposition import generate_latest  # noqa: PLC0415

    for what in (*Count, *Seconds):
        _instrument(what)
    registry = registries.REGISTRY
    if settings().metrics_folder is not None:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    text: bytes = generate_latest(registry)  # type: ignore[no-untyped-call]
    return text


def _instrument(what: Count | Seconds) -> "Counter | Histogram":
    with _making:  # the library refuses a second one of a name
        if what not in _instruments:
            from prometheus_client import Counter, Histogram  # noqa: PLC0415 - an analysis can do without it

            name = "siderostat_" + re.sub(r"(?<!^)(?=[A-Z])", "_", what).lower()
            if isinstance(what, Seconds):
                _instruments[what] = Histogram(name, DESCRIPTIONS[what], buckets=_BUCKETS)
            else:
                _instruments[what] = Counter(name, DESCRIPTIONS[what], _LABELS.get(what, ()))
        return _instruments[what]
