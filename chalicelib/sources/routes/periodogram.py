"""`/api/sources/<id>/periodogram`."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.sources.periodogram.answer import Periodogram
from chalicelib.sources.periodogram.periodogram import periodogram
from chalicelib.sources.periodogram.query import PeriodogramQuery
from chalicelib.sources.routes.blueprint import blueprint


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/periodogram", answers=lambda: Periodogram)
def get_periodogram(caller: Caller, obj_id: str, query: PeriodogramQuery) -> dict[str, Any]:
    """Search the photometry of a source for periods.

    Generalised Lomb-Scargle over magnitudes, or box least squares over fluxes, of the detections that the caller may
    see. At least 10 points of each filter; at most 10 000 points and 1 000 000 frequencies.
    """
    return periodogram(caller, obj_id, query)
