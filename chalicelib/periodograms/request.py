"""The event that the periodograms function is called with, checked once."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from chalicelib.periodograms.errors import BrokenRequest
from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.light_curve import Band, LightCurve

METHODS = ("lomb_scargle", "box")
MOST_POINTS = 10_000
MOST_FREQUENCIES = 1_000_000
MOST_TERMS = 4


@dataclass(frozen=True)
class PeriodogramRequest:
    """What is wanted of which light curve."""

    method: str
    terms: int
    light_curve: LightCurve
    grid: Frequencies


def parse_request(event: Mapping[str, Any]) -> PeriodogramRequest:
    """Read the event of a call; raises BrokenRequest for one that is broken."""
    try:
        return _parsed(event)
    except BrokenRequest:
        raise
    except KeyError as error:
        raise BrokenRequest(f"The event is broken: it lacks {error}.") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise BrokenRequest(f"The event is broken: {error}.") from error


def _parsed(event: Mapping[str, Any]) -> PeriodogramRequest:
    method, terms = event["method"], event["terms"]
    if method not in METHODS:
        raise BrokenRequest(f"method is one of {', '.join(METHODS)}")
    if terms not in range(1, MOST_TERMS + 1):
        raise BrokenRequest(f"terms is 1 to {MOST_TERMS}")
    return PeriodogramRequest(method, terms, _light_curve(event["bands"]), _grid(**event["frequencies"]))


def _light_curve(bands: list[Mapping[str, Any]]) -> LightCurve:
    columns = [[_numbers(band[name]) for name in ("mjd", "mag", "magerr")] for band in bands]
    if not columns or not 0 < sum(len(mjd) for mjd, _, _ in columns) <= MOST_POINTS:
        raise BrokenRequest(f"a light curve has 1 to {MOST_POINTS} points")
    if any(len({len(column) for column in band}) > 1 for band in columns):
        raise BrokenRequest("the columns of a band have one length")
    if any(np.min(magerr, initial=math.inf) <= 0 for _, _, magerr in columns):
        raise BrokenRequest("errors are positive")
    epoch = min(float(mjd.min()) for mjd, _, _ in columns)
    return LightCurve([Band(mjd - epoch, mag, magerr) for mjd, mag, magerr in columns], epoch)


def _numbers(values: list[float]) -> Array:
    numbers = np.array(values, dtype=np.float64)
    if numbers.ndim != 1 or not np.isfinite(numbers).all():
        raise BrokenRequest("columns are lists of finite numbers")
    return numbers


def _grid(first: float, step: float, number: int) -> Frequencies:
    if not (0 < first < math.inf and 0 < step < math.inf and 1 < number <= MOST_FREQUENCIES):
        raise BrokenRequest(f"frequencies are positive, rising and 2 to {MOST_FREQUENCIES}")
    return Frequencies(first, step, number)
