"""A light curve over the phase of a period."""

from collections.abc import Sequence
from typing import Any

from chalicelib.sources.periodogram.points import Point


def folded(points: Sequence[Point], period: float) -> dict[str, Any]:
    """Return all points, by time; phases are from 0 to below 1 and count from the first point.

    Parameters
    ----------
    period : float
        Days.
    """
    epoch = points[0].mjd
    return {
        "period": period,
        "epoch": epoch,
        "phase": [_phase(point.mjd - epoch, period) for point in points],
        "mag": [point.mag for point in points],
        "magerr": [point.magerr for point in points],
        "filter": [point.filter for point in points],
    }


def _phase(days: float, period: float) -> float:
    return (days % period) / period % 1.0
