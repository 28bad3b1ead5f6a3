"""Numbers that the tables can hold: DynamoDB keeps magnitudes from 1e-130 to 1e125 and no NaN."""

import math
from collections.abc import Iterable
from typing import Annotated

from pydantic import AfterValidator

from chalicelib.http.errors import BadRequest

_LARGEST = 1e120
_SMALLEST = 1e-120

NOT_STORABLE = "must be a finite number of reasonable size"
NO_ERROR = "must be positive, or null where it is not known"
"""What is said of an error, uncertainty or significance that can be none."""

_MOST_NAMED = 10_000


def is_storable(number: float) -> bool:
    """Say whether a number is finite and within what a table can hold."""
    return number == 0 or (math.isfinite(number) and _SMALLEST < abs(number) < _LARGEST)


def known(number: float | None) -> float | None:
    """Return a number, or None for NaN, which says the same."""
    return None if number is None or math.isnan(number) else number


def refuse_rows(faults: Iterable[tuple[int, str]]) -> None:
    """Raise BadRequest if there are faults, naming under each reason all the rows that have it.

    Parameters
    ----------
    faults : iterable of (int, str)
        Number of the row, from 0, and what is wrong with it, with the name of the field.
    """
    rows: dict[str, list[int]] = {}
    for number, reason in faults:
        rows.setdefault(reason, []).append(number)
    if rows:
        raise BadRequest(" ".join(f"{_rows(numbers)}: {reason}." for reason, numbers in rows.items()))


def _rows(numbers: list[int]) -> str:
    named = ", ".join(map(str, numbers[:_MOST_NAMED]))
    more = f" and {len(numbers) - _MOST_NAMED} more" if len(numbers) > _MOST_NAMED else ""
    return f"{'Row' if len(numbers) == 1 else 'Rows'} {named}{more}"


def _storable(number: float) -> float:
    if not is_storable(number):
        raise ValueError(NOT_STORABLE)
    return number


def _known_and_storable(number: float | None) -> float | None:
    value = known(number)
    return None if value is None else _storable(value)


def _positive(number: float | None) -> float | None:
    if number is not None and number <= 0:
        raise ValueError(NO_ERROR)
    return number


Real = Annotated[float, AfterValidator(_storable)]
"""A finite number."""

MaybeReal = Annotated[float | None, AfterValidator(_known_and_storable)]
"""A finite number or nothing; NaN is nothing."""

MaybeError = Annotated[MaybeReal, AfterValidator(_positive)]
"""An error or uncertainty: positive, or nothing if it is not known."""
