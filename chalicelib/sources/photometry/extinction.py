"""Corrects photometry for the dust of the Milky Way.

A = E(B-V) · R for each band, with E(B-V) on the scale of Schlegel, Finkbeiner & Davis (1998, ApJ 500, 525) and the law
of Fitzpatrick (1999, PASP 111, 63) for R_V = 3.1. The coefficients stand here as numbers, because a law is needed once
for each band, not for each analysis: the libraries that compute it bring numpy along, which the functions do without.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.photometry.altdata import says_corrected

LAW = "Fitzpatrick (1999), R_V = 3.1, as calibrated by Schlafly & Finkbeiner (2011)"

R = {
    # Schlafly & Finkbeiner 2011, ApJ 737, 103, table 6
    "bessellux": 4.334,
    "bessellb": 3.626,
    "bessellv": 2.742,
    "bessellr": 2.169,
    "besselli": 1.505,
    "sdssu": 4.239,
    "sdssg": 3.303,
    "sdssr": 2.285,
    "sdssi": 1.698,
    "sdssz": 1.263,
    "ps1::g": 3.172,
    "ps1::r": 2.271,
    "ps1::i": 1.682,
    "ps1::z": 1.322,
    "ps1::y": 1.087,
    "lsstu": 4.145,
    "lsstg": 3.237,
    "lsstr": 2.273,
    "lssti": 1.684,
    "lsstz": 1.323,
    "lssty": 1.088,
    "desg": 3.237,
    "desr": 2.176,
    "desi": 1.595,
    "desz": 1.217,
    "desy": 1.058,
    # the `extinction` library's law at the effective wavelength, calibrated as there (0.78 · 1.32 at 1 µm);
    # tests/sources/photometry/test_extinction.py computes them again
    "ztfg": 3.308,
    "ztfr": 2.188,
    "ztfi": 1.548,
    "atlasc": 2.910,
    "atlaso": 2.046,
    "2massj": 0.716,
    "2massh": 0.446,
    "2massks": 0.306,
}
"""A / E(B-V) by filter."""

Row = Mapping[str, Any]
_CORRECTED = "extinction_corrected"


def is_corrected(point: PhotometryPoint) -> bool:
    """Say whether a point came without dust: its row said so when it was posted, or its altdata does."""
    return bool(point.extinction_corrected) or says_corrected(point.altdata)


def corrected(rows: Iterable[Row], ebv: float) -> list[Row]:
    """Return rows of photometry as they would be without dust.

    Rows that came so, with true under `extinction_corrected`, and filters without coefficient stay as they are.
    """
    return [
        row if row.get(_CORRECTED) else {**row, **_corrections(row, ebv * R.get(row["filter"], 0.0))} for row in rows
    ]


def uncorrected_filters(rows: Iterable[Row]) -> list[str]:
    """Return the filters whose rows would be corrected if there were a coefficient."""
    return sorted({row["filter"] for row in rows if not row.get(_CORRECTED)} - R.keys())


def corrected_before(rows: Iterable[Row]) -> dict[str, list[float]]:
    """Return the times (MJD) of the rows that came without dust, by filter."""
    times: dict[str, list[float]] = {}
    for row in sorted(rows, key=lambda row: (row["filter"], row["mjd"])):
        if row.get(_CORRECTED):
            times.setdefault(row["filter"], []).append(row["mjd"])
    return times


def _corrections(row: Row, magnitudes: float) -> dict[str, Any]:
    factor = 10 ** (0.4 * magnitudes)
    fluxes = {name: row[name] * factor for name in ("flux", "fluxerr") if row[name] is not None}
    mags = {name: row[name] - magnitudes for name in ("mag", "limiting_mag") if row[name] is not None}
    return fluxes | mags
