"""Light curves for tests: real times of observation, real measurements, and made up ones."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chalicelib.periodograms.frequencies import Array, Frequencies
from chalicelib.periodograms.light_curve import Band, LightCurve
from tests.support.late import Late

function = Late("chalicelib.periodograms.handler")

STAR = Path(__file__).parent / "data" / "ZTF18aabcvnq_phot.csv"


@dataclass(frozen=True)
class Measured:
    """A light curve in one filter: MJD, magnitudes."""

    mjd: Array
    mag: Array
    magerr: Array

    @property
    def columns(self) -> dict[str, list[float]]:
        return {name: getattr(self, name).tolist() for name in ("mjd", "mag", "magerr")}


def rows() -> list[dict[str, str]]:
    with STAR.open() as lines:
        return list(csv.DictReader(lines))


def times() -> Array:
    """When the star was observed, detected or not: 1 157 days with nights, months and seasons without."""
    return np.sort([float(row["mjd"]) for row in rows()])


def star(filter_name: str) -> Measured:
    """The star's detections above three errors in a filter."""
    found = [row for row in rows() if row["filter"] == filter_name and row["flux"]]
    mjd, flux, error = (np.array([float(row[name]) for row in found]) for name in ("mjd", "flux", "fluxerr"))
    seen = flux > 3 * error
    return Measured(mjd[seen], 23.9 - 2.5 * np.log10(flux[seen]), 2.5 / np.log(10) * error[seen] / flux[seen])


def noise(rng: np.random.Generator, mjd: Array, low: float = 0.01, high: float = 0.02) -> Measured:
    """A constant star with errors between two bounds."""
    magerr = rng.uniform(low, high, len(mjd))
    return Measured(mjd, 17 + rng.normal(0, magerr), magerr)


def wave(rng: np.random.Generator, mjd: Array, period: float, amplitude: float = 0.3, **errors: float) -> Measured:
    """A sine of any phase."""
    still = noise(rng, mjd, **errors)
    return Measured(mjd, still.mag + amplitude * np.sin(2 * np.pi * mjd / period + rng.uniform(0, 7)), still.magerr)


def grid(mjd: Array, shortest: float, oversampling: float = 5, longest: float | None = None) -> Frequencies:
    baseline = float(np.ptp(mjd))
    first = 1 / (longest or baseline)
    return Frequencies(first, 1 / (oversampling * baseline), int((1 / shortest - first) * baseline * oversampling) + 2)


def search(*curves: Measured, method: str = "lomb_scargle", terms: int = 1, **limits: float) -> dict[str, Any]:
    """Call the function as the API does."""
    chosen = grid(np.concatenate([curve.mjd for curve in curves]), **limits)
    frequencies = {"first": chosen.first, "step": chosen.step, "number": chosen.number}
    event = {"method": method, "terms": terms, "bands": [curve.columns for curve in curves], "frequencies": frequencies}
    return function.handler(event, None)


def light_curve(*curves: Measured) -> LightCurve:
    return LightCurve([Band(curve.mjd - 58000, curve.mag, curve.magerr) for curve in curves], 58000)
