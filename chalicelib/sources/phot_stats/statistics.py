"""The statistics of a source's photometry, kept point by point: section 8.1 of the wire contract.

Sums are exact fractions, so that the numbers depend neither on the order nor on the batches in which points arrive.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from typing import Protocol

from chalicelib.sources import magnitudes

_FORCED = re.compile(r"(?<![a-z0-9])(fp|forced)(?![a-z0-9])")


class Point(magnitudes.Brightness, Protocol):
    """What the statistics need to know of a measurement."""

    @property
    def mjd(self) -> float:
        """Modified Julian date."""

    @property
    def filter(self) -> str:
        """Name of the filter."""

    @property
    def origin(self) -> str | None:
        """Forced photometry is recognised by it: it holds the word `fp` or `forced`."""


@dataclass(frozen=True, slots=True)
class Epoch:
    """A detection in some filter."""

    mjd: float
    mag: float


@dataclass(frozen=True, slots=True)
class Range:
    """The first and the last of some detections; of those at the same time the brightest."""

    count: int = 0
    first: Epoch | None = None
    last: Epoch | None = None

    def including(self, epoch: Epoch) -> "Range":
        """Return the range with one more."""
        first = min(self.first or epoch, epoch, key=lambda one: (one.mjd, one.mag))
        last = min(self.last or epoch, epoch, key=lambda one: (-one.mjd, one.mag))
        return Range(self.count + 1, first, last)


@dataclass(frozen=True, slots=True)
class FilterState:
    """What is known of one filter."""

    observations: int = 0
    recent: float = -math.inf
    deepest_limit: float | None = None
    detections: Range = Range()
    unforced: Range = Range()
    """Detections that are not forced photometry."""
    peak: Epoch | None = None
    faintest: float | None = None
    mag_sum: Fraction = Fraction(0)
    square_sum: Fraction = Fraction(0)

    def including(self, point: Point) -> "FilterState":
        """Return the state with one more point."""
        seen = replace(self, observations=self.observations + 1, recent=max(self.recent, point.mjd))
        mag = magnitudes.mag_of_flux(point.flux)
        if mag is None or not magnitudes.is_detection(point):
            limit = magnitudes.limiting_mag(point)
            return replace(seen, deepest_limit=_largest(self.deepest_limit, limit))
        epoch = Epoch(point.mjd, mag)
        return replace(
            seen,
            detections=self.detections.including(epoch),
            unforced=self.unforced if is_forced(point) else self.unforced.including(epoch),
            peak=min(self.peak or epoch, epoch, key=lambda one: (one.mag, one.mjd)),
            faintest=_largest(self.faintest, mag),
            mag_sum=self.mag_sum + Fraction(mag),
            square_sum=self.square_sum + Fraction(mag) ** 2,
        )


@dataclass(frozen=True, slots=True)
class State:
    """All that is needed to add points and to give the numbers."""

    filters: dict[str, FilterState] = field(default_factory=dict)
    predetections: tuple[float, ...] = ()
    """Times of the non-detections before the first detection, ascending."""

    def including(self, points: Iterable[Point]) -> "State":
        """Return the state with more points."""
        points = list(points)
        by_filter: dict[str, list[Point]] = {}
        for point in points:
            by_filter.setdefault(point.filter, []).append(point)
        filters = dict(self.filters)
        for name, those in by_filter.items():
            filters[name] = reduce(FilterState.including, those, filters.get(name, FilterState()))
        limits = sorted([*self.predetections, *(point.mjd for point in points if not magnitudes.is_detection(point))])
        first = first_of(filters)
        return State(filters, tuple(limits if first is None else limits[: bisect_left(limits, first[1].mjd)]))


def is_forced(point: Point) -> bool:
    """Say whether a point comes from forced photometry."""
    return point.origin is not None and _FORCED.search(point.origin.lower()) is not None


def first_of(filters: dict[str, FilterState], *, unforced: bool = False) -> tuple[str, Epoch] | None:
    """Return filter and epoch of the first detection; of several at the same time the first by filter name."""
    found = [(name, _range(state, unforced=unforced).first) for name, state in sorted(filters.items())]
    epochs = [(name, epoch) for name, epoch in found if epoch is not None]
    return min(epochs, key=lambda one: one[1].mjd, default=None)


def last_of(filters: dict[str, FilterState], *, unforced: bool = False) -> tuple[str, Epoch] | None:
    """Return filter and epoch of the last detection; of several at the same time the first by filter name."""
    found = [(name, _range(state, unforced=unforced).last) for name, state in sorted(filters.items())]
    epochs = [(name, epoch) for name, epoch in found if epoch is not None]
    return max(epochs, key=lambda one: one[1].mjd, default=None)


def _range(state: FilterState, *, unforced: bool) -> Range:
    return state.unforced if unforced else state.detections


def _largest(*numbers: float | None) -> float | None:
    return max((number for number in numbers if number is not None), default=None)
