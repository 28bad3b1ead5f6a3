"""The photometry that a service gets, as rows in AB: section 4.1 of the wire contract."""

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from chalicelib.sources import magnitudes
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.photometry import extinction
from chalicelib.sources.photometry.altdata import predicted_mag

Row = Mapping[str, Any]


def photometry_rows(
    points: Iterable[PhotometryPoint],
    filters: Collection[str] | None = None,
    instruments: Collection[int] | None = None,
) -> list[Row]:
    """Return photometry sorted by the error of the magnitude, missing last; of several at one time the best stays.

    Parameters
    ----------
    points : iterable of PhotometryPoint
        By time.
    filters, instruments : collection, optional
        Names of filters and ids of instruments to keep; all by default, and if there are none.
    """
    rows = [
        _row(point)
        for point in points
        if (not filters or point.filter in filters) and (not instruments or point.instrument_id in instruments)
    ]
    best: dict[tuple[float, str], Row] = {}
    for row in sorted(rows, key=lambda row: math.inf if row["magerr"] is None else row["magerr"]):
        best.setdefault((row["mjd"], row["filter"]), row)
    return list(best.values())


def _row(point: PhotometryPoint) -> Row:
    return {
        "mjd": point.mjd,
        "flux": point.flux,
        "fluxerr": point.fluxerr,
        "mag": magnitudes.mag_of_flux(point.flux),
        "magerr": magnitudes.magerr_of_flux(point.flux, point.fluxerr),
        "filter": point.filter,
        "magsys": "ab",
        "limiting_mag": magnitudes.limiting_mag(point),
        "zp": magnitudes.ZERO_POINT,
        "instrument_name": point.instrument_name,
        "predicted_mag": predicted_mag(point.altdata),
        "extinction_corrected": extinction.is_corrected(point),  # no column of the CSV
    }
