"""Reads the photometry and redshift CSV that an analysis is sent."""

import csv
import io
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from failures import InputError

FloatArray = npt.NDArray[np.float64]
StringArray = npt.NDArray[np.str_]

ZERO_POINT = 23.9
"""AB zero point of fluxes in microjansky."""

DETECTION_SIGNIFICANCE = 3.0
PHOTOMETRY_COLUMNS = ("mjd", "flux", "fluxerr", "filter", "magsys", "zp")


@dataclass(frozen=True)
class LightCurve:
    """Measured fluxes, one row a point; all arrays have the shape (n,).

    mjd in days, flux and fluxerr in microjansky (AB zero point 23.9), band in sncosmo's names.
    """

    mjd: FloatArray
    flux: FloatArray
    fluxerr: FloatArray
    band: StringArray

    @property
    def detections(self) -> int:
        """The number of points with a significance above 3."""
        return int(np.count_nonzero(self.flux > DETECTION_SIGNIFICANCE * self.fluxerr))

    @property
    def bands(self) -> tuple[str, ...]:
        """The bands that occur, by name."""
        return tuple(str(band) for band in np.unique(self.band))

    def select(self, mask: npt.NDArray[np.bool_]) -> "LightCurve":
        """Keep the points for which the mask, of shape (n,), is true."""
        return LightCurve(self.mjd[mask], self.flux[mask], self.fluxerr[mask], self.band[mask])


def read_photometry(text: object) -> LightCurve:
    """Read the photometry CSV; rows without a flux are non-detections and left out.

    Raises
    ------
    InputError
        The CSV is missing, malformed, not in AB magnitudes or holds no flux.
    """
    if text is None:
        raise InputError("No photometry came with the run: register the service with the input type `photometry`.")
    rows = _read_csv(text, "photometry", PHOTOMETRY_COLUMNS)
    points = [_point(row, number) for number, row in enumerate(rows, start=1) if (row["flux"] or "").strip()]
    if not points:
        raise InputError("The source has no photometry with a measured flux: add detections and run again.")
    mjd, flux, fluxerr, band = zip(*sorted(points), strict=True)
    return LightCurve(np.array(mjd), np.array(flux), np.array(fluxerr), np.array(band))


def read_redshift(text: object) -> float:
    """Read the redshift CSV, which has one row.

    Raises
    ------
    InputError
        The redshift is missing, unknown or not a positive number.
    """
    if text is None:
        raise InputError("No redshift came with the run: register the service with the input type `redshift`.")
    rows = _read_csv(text, "redshift", ("redshift",))
    value = (rows[0]["redshift"] or "").strip() if rows else ""
    if not value:
        raise InputError("The source has no redshift: set one on the source and run again.")
    redshift = _number(value, "redshift", "redshift", 1)
    if redshift <= 0:
        raise InputError(
            f"A redshift of {redshift:g} cannot be fitted: set a positive one on the source and run again."
        )
    return redshift


def _read_csv(text: object, name: str, columns: tuple[str, ...]) -> list[dict[str, str | None]]:
    if not isinstance(text, str):
        raise InputError(f"The {name} must be CSV text.")
    if not text.strip():
        return []
    try:
        reader = csv.DictReader(io.StringIO(text))
        missing = [column for column in columns if column not in (reader.fieldnames or ())]
        if missing:
            raise InputError(f"The {name} CSV lacks the columns {', '.join(missing)}: check what the sender writes.")
        return list(reader)
    except csv.Error as error:
        raise InputError(f"The {name} is not readable as CSV ({error}): check what the sender writes.") from error


def _point(row: dict[str, str | None], number: int) -> tuple[float, float, float, str]:
    mjd, flux, fluxerr, zero_point = (
        _number(row[column], column, "photometry", number) for column in ("mjd", "flux", "fluxerr", "zp")
    )
    if fluxerr <= 0:
        raise InputError(
            f"Row {number} of the photometry has a fluxerr of {fluxerr:g}: every flux needs a positive error."
        )
    if (row["magsys"] or "").strip().lower() != "ab":
        raise InputError(f"Row {number} of the photometry is not in the AB system: send AB photometry.")
    to_microjansky = 10 ** (-0.4 * (zero_point - ZERO_POINT))
    return mjd, flux * to_microjansky, fluxerr * to_microjansky, (row["filter"] or "").strip()


def _number(value: str | None, column: str, name: str, row: int) -> float:
    try:
        number = float(value or "")
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise InputError(
            f"Row {row} of the {name} has {column} = {(value or '')[:40]!r}, which is not a number: correct it."
        )
    return number
