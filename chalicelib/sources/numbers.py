"""Numbers that the tables can hold: DynamoDB keeps magnitudes from 1e-130 to 1e125 and no NaN."""

import math
from typing import Annotated

from pydantic import AfterValidator

_LARGEST = 1e120
_SMALLEST = 1e-120


def is_storable(number: float) -> bool:
    """Say whether a number is finite and within what a table can hold."""
    return number == 0 or (math.isfinite(number) and _SMALLEST < abs(number) < _LARGEST)


def _storable(number: float) -> float:
    if not is_storable(number):
        raise ValueError("must be a finite number of reasonable size")
    return number


def _known(number: float | None) -> float | None:
    return None if number is None or math.isnan(number) else _storable(number)


Real = Annotated[float, AfterValidator(_storable)]
"""A finite number."""

MaybeReal = Annotated[float | None, AfterValidator(_known)]
"""A finite number or nothing; NaN is nothing."""
