"""Counting and measuring: the one way for the rest to do it."""

from datetime import datetime

from chalicelib import clock
from chalicelib.metrics import embedded_format, open_metrics
from chalicelib.metrics.names import Count, Seconds
from chalicelib.settings import settings


def count(what: Count, number: int = 1, *, service: int | None = None, state: str | None = None) -> None:
    """Count something.

    Parameters
    ----------
    what : Count
        What happened.
    number : int
        How often.
    service, state : optional
        Of which analysis service, and in which state an analysis ended.
    """
    _record(what, number, service, state)


def measure(what: Seconds, since: datetime | None, *, service: int | None = None) -> None:
    """Measure the seconds from a moment until now; nothing if the moment is not known."""
    if since is not None:
        _record(what, max(0.0, (clock.now() - since).total_seconds()), service, None)


def _record(what: Count | Seconds, value: float, service: int | None, state: str | None) -> None:
    labels = {"Service": service, "State": state}
    known = {name: str(label) for name, label in labels.items() if label is not None}
    embedded_format.write(what, value, known)
    if not settings().lambda_name:  # Lambda's processes are strangers to one another: CloudWatch adds up there
        open_metrics.add(what, value, known)
