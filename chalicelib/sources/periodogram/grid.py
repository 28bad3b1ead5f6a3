"""The frequencies that are searched: evenly spaced, so many of them for each width of a peak."""

import math
from dataclasses import dataclass

from chalicelib.http.errors import BadRequest
from chalicelib.sources.periodogram.query import PeriodogramQuery

MOST_FREQUENCIES = 1_000_000

_MOST_SUMS = 12_000_000
"""Frequencies times terms times filters: what one core computes in less than 10 s, also from 10 000 points."""

_MOST_BOXES = 1_500_000_000
_BOXES_OF_NO_POINT = 7_000
"""Frequencies times points, and what each frequency costs besides, as points: the same for box least squares."""

_OVERSAMPLING = {"lomb_scargle": 5.0, "box": 30.0}
"""The peak of a short box is narrower: as wide as the box's part of the period."""

_SHORTEST = {"lomb_scargle": 0.04, "box": 0.5}
_CYCLES = {"lomb_scargle": 1, "box": 2}
"""How often the longest period fits into the time covered: a dip is to be seen twice."""

_LONGEST_BASELINES = 10
"""A longer period cannot be told from a slope."""

_SHORTEST_OF_BASELINE = 0.1


@dataclass(frozen=True, slots=True)
class Grid:
    """`number` frequencies from `first` in steps of `step`, in cycles a day."""

    first: float
    step: float
    number: int
    oversampling: float

    @property
    def last(self) -> float:
        """The highest one."""
        return self.first + self.step * (self.number - 1)


def grid_for(query: PeriodogramQuery, *, baseline: float, points: int, filters: int) -> Grid:
    """Choose the frequencies; what the query leaves open is chosen so that they are not too many.

    Parameters
    ----------
    baseline : float
        Days from the first point to the last.

    Raises
    ------
    BadRequest
        The points are of one moment, no period is between the limits, or there would be too many frequencies.
    """
    if not baseline > 0:
        raise BadRequest("All points have the same time: no period can be found in them.")
    longest = min(query.max_period or baseline / _CYCLES[query.method], _LONGEST_BASELINES * baseline)
    oversampling = query.oversampling or _OVERSAMPLING[query.method]
    most = _most(query, points, filters)
    density = oversampling * baseline
    shortest = query.min_period
    if shortest is None:
        usual = min(_SHORTEST[query.method], _SHORTEST_OF_BASELINE * longest)
        shortest = max(usual, 1 / (1 / longest + (most - 2) / density))
    if not shortest < longest:
        raise BadRequest(
            f"min_period, {shortest:g} d, must be below max_period, {longest:g} d: the points cover {baseline:g} d, "
            f"and max_period is at most {_LONGEST_BASELINES} times that."
        )
    span = 1 / shortest - 1 / longest
    if span * density > most - 1:
        raise BadRequest(
            f"{span * density:.3g} frequencies are too many for {points} points in {filters} filters: at most {most}."
            f" Raise min_period ({shortest:g} d), lower oversampling ({oversampling:g}), or narrow max_period, "
            "from, to, filters or terms."
        )
    number = max(2, math.ceil(span * density) + 1)
    return Grid(1 / longest, span / (number - 1), number, oversampling)


def _most(query: PeriodogramQuery, points: int, filters: int) -> int:
    if query.method == "box":
        return min(MOST_FREQUENCIES, _MOST_BOXES // (points + _BOXES_OF_NO_POINT))
    return min(MOST_FREQUENCIES, _MOST_SUMS // (query.terms * filters))
