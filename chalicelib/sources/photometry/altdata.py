"""What is posted beside a measurement: whatever its author likes, and a few values with a meaning."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.http.errors import BadRequest

Altdata = dict[str, Any]

_OF_ONE_ROW = ("predicted_mag", "extinction_corrected")
"""Values with a meaning for one row, so that a list of any other length is a mistake."""
_TRUE_WORDS = {"true", "yes", "t", "y", "1", "on"}
_FALSE_WORDS = {"false", "no", "f", "n", "0", "off", ""}
"""What pydantic takes for true and false in a column of booleans, and nothing."""


def by_row(posted: Altdata | Sequence[Altdata | None] | None, count: int) -> list[Altdata | None]:
    """Return what belongs to each row.

    One object belongs to all of them; its values that are lists as long as there are rows are split, as in SkyPortal,
    and a row for which such a list holds null or NaN has no such value.

    Raises
    ------
    BadRequest
        A value that is read row by row is a list of another length.
    """
    if isinstance(posted, Sequence):
        return list(posted)
    if posted is None:
        return [None] * count
    lists = {name: value for name, value in posted.items() if isinstance(value, list) and len(value) == count}
    for name in _OF_ONE_ROW:
        if name not in lists and isinstance(posted.get(name), list) and posted[name]:
            raise BadRequest(f"altdata.{name} has {len(posted[name])} values for {count} rows.")
    if not lists:
        return [posted] * count
    common = {name: value for name, value in posted.items() if name not in lists}
    return [common | _known({name: values[row] for name, values in lists.items()}) or None for row in range(count)]


def _known(values: Altdata) -> Altdata:
    return {name: value for name, value in values.items() if not (value is None or _is_nan(value))}


def says_corrected(altdata: Mapping[str, Any] | None) -> bool:
    """Say whether `extinction_corrected` is true, as a boolean, a number or a word."""
    value = (altdata or {}).get("extinction_corrected")
    return value == 1 or _word(value) in _TRUE_WORDS


def is_ambiguous(altdata: Mapping[str, Any] | None) -> bool:
    """Say whether what stands under `extinction_corrected` is neither true nor false."""
    value = (altdata or {}).get("extinction_corrected")
    return bool(value) and value != 1 and _word(value) not in _TRUE_WORDS | _FALSE_WORDS


def _word(value: object) -> str | None:
    return value.strip().lower() if isinstance(value, str) else None


def _is_nan(value: object) -> bool:
    return isinstance(value, float) and math.isnan(value)


def predicted_mag(altdata: Mapping[str, Any] | None) -> float | None:
    """Return the magnitude that an ephemeris or a model predicts, under `predicted_mag`; None if it is no number."""
    value = (altdata or {}).get("predicted_mag")
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None
