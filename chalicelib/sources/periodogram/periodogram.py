"""The periodogram of a source, from what the caller may see of its photometry."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.sources.periodogram.folding import folded
from chalicelib.sources.periodogram.function import compute
from chalicelib.sources.periodogram.grid import grid_for
from chalicelib.sources.periodogram.points import by_filter, usable_points
from chalicelib.sources.periodogram.query import PeriodogramQuery
from chalicelib.sources.source.partition import data_of


def periodogram(caller: Caller, obj_id: str, query: PeriodogramQuery) -> dict[str, Any]:
    """Return the answer that `Periodogram` describes.

    Raises
    ------
    NotFound
        "Source not found".
    BadRequest
        Too few or too many points, or too many frequencies.
    """
    points = usable_points(data_of(caller, obj_id, {"photometry"}).photometry, query)
    bands = by_filter(points)
    grid = grid_for(query, baseline=points[-1].mjd - points[0].mjd, points=len(points), filters=len(bands))
    computed = compute(query.method, query.terms, bands.values(), grid)
    return {
        "method": query.method,
        "terms": query.terms,
        "filters": list(bands),
        "n_points": len(points),
        "n_frequencies": grid.number,
        "min_period": 1 / grid.last,
        "max_period": 1 / grid.first,
        "oversampling": grid.oversampling,
        **computed,
        "folded": folded(points, query.period or computed["peaks"][0]["period"]),
    }
