"""Asking the isolated periodograms function."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from chalicelib import aws
from chalicelib.settings import settings
from chalicelib.sources.periodogram.answer import Computed
from chalicelib.sources.periodogram.grid import Grid
from chalicelib.sources.periodogram.points import Point


def compute(method: str, terms: int, bands: Iterable[Sequence[Point]], grid: Grid) -> Mapping[str, Any]:
    """Have a periodogram computed from the points of each filter; return it as `Computed` describes it.

    Raises
    ------
    aws.FunctionFailed
        The function died, overran its limits, or answered something else.
    """
    event = {
        "method": method,
        "terms": terms,
        "bands": [
            {name: [getattr(point, name) for point in band] for name in ("mjd", "mag", "magerr")} for band in bands
        ],
        "frequencies": {"first": grid.first, "step": grid.step, "number": grid.number},
    }
    answer = aws.invoke(settings().periodograms_function, event)
    try:
        return Computed.model_validate(answer).model_dump()
    except ValidationError as error:
        raise aws.FunctionFailed(f"the periodograms function answered something else: {error}") from None
