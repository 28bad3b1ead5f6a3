"""Metrics as lines of the log, in CloudWatch's embedded metric format: no call is made for them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import logging
import time
from collections.abc import Mapping

from chalicelib.http.logs import LOGGER
from chalicelib.metrics.names import NAMESPACE, Count, Seconds
from chalicelib.settings import settings

_METRICS = logging.getLogger(f"{LOGGER.name}.metrics")


def write(what: Count | Seconds, value: float, labels: Mapping[str, str]) -> None:
    """Write one value, by site, and by site and each label; on Lambda whatever the level of the log is."""
    level = logging.INFO if settings().lambda_name else logging.NOTSET
    if _METRICS.level != level:  # to set it takes the lock of all loggers and empties what they remember
        _METRICS.setLevel(level)
    dimensions = [["Site"], *(["Site", name] for name in labels)]
    unit = "Seconds" if isinstance(what, Seconds) else "Count"
    described = {"Namespace": NAMESPACE, "Dimensions": dimensions, "Metrics": [{"Name": str(what), "Unit": unit}]}
    facts = {
        "_aws": {"Timestamp": round(1000 * time.time()), "CloudWatchMetrics": [described]},
        str(what): value,
        "Site": settings().prefix,
        **labels,
    }
    _METRICS.info("metric", extra=facts)
