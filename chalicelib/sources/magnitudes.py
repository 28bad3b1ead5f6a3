"""Fluxes and magnitudes: the only place that converts one into the other.

Fluxes are in microjansky, so that the AB zero point is 23.9 (Oke & Gunn 1983, ApJ 266, 713:
m_AB = -2.5 log10(f_nu / 3631 Jy), rounded to 23.9 as in the wire contract).
"""

import math
from typing import Protocol

ZERO_POINT = 23.9
DETECTION_SNR = 3.0
LIMIT_SIGMA = 5.0
"""A limiting magnitude that was not posted is the magnitude of this many times the error."""
POSTED_LIMIT_SIGMA = 3.0
"""A posted limiting magnitude is that of this many times the error, unless the post says otherwise."""
MAGNITUDE_SYSTEMS = ("ab", "vega")

_POGSON = 2.5 / math.log(10)
"""The error of a magnitude for a relative error of 1."""

AB_MINUS_VEGA = {
    "bessellux": 0.79,
    "bessellb": -0.09,
    "bessellv": 0.02,
    "bessellr": 0.21,
    "besselli": 0.45,
    "sdssu": 0.91,
    "sdssg": -0.08,
    "sdssr": 0.16,
    "sdssi": 0.37,
    "sdssz": 0.54,
    "2massj": 0.91,
    "2massh": 1.39,
    "2massks": 1.85,
}
"""m_AB - m_Vega by filter: Blanton & Roweis 2007, AJ 133, 734, table 1."""


class Brightness(Protocol):
    """What a measurement says about the brightness, in microjansky and AB magnitudes."""

    @property
    def flux(self) -> float | None:
        """None for a non-detection."""

    @property
    def fluxerr(self) -> float:
        """One standard deviation."""

    @property
    def limiting_mag(self) -> float | None:
        """As posted; None if it was not."""


def mag_of_flux(flux: float | None, zero_point: float = ZERO_POINT) -> float | None:
    """Return the magnitude, None where there is none."""
    return -2.5 * math.log10(flux) + zero_point if flux is not None and flux > 0 else None


def magerr_of_flux(flux: float | None, fluxerr: float) -> float | None:
    """Return the error of the magnitude to first order: 2.5/ln 10 · (fluxerr/flux), divided first as SkyPortal does."""
    return _POGSON * (fluxerr / flux) if flux is not None and flux > 0 else None


def flux_of_mag(mag: float, zero_point: float = ZERO_POINT) -> float:
    """Invert `mag_of_flux`."""
    return float(10 ** (-0.4 * (mag - zero_point)))


def fluxerr_of_mag(mag: float, magerr: float) -> float:
    """Invert `magerr_of_flux`."""
    return magerr / _POGSON * flux_of_mag(mag)


def fluxerr_of_limit(limiting_mag: float, sigma: float = POSTED_LIMIT_SIGMA) -> float:
    """Return the error for which the limiting magnitude is that of `sigma` errors."""
    return flux_of_mag(limiting_mag) / sigma


def limiting_mag(point: Brightness) -> float | None:
    """Return the limit as posted, else that of five errors; None if the error is zero."""
    if point.limiting_mag is not None:
        return point.limiting_mag
    return mag_of_flux(LIMIT_SIGMA * point.fluxerr)


def signal_to_noise(point: Brightness) -> float | None:
    """Return flux / fluxerr, None for a non-detection and where the error is zero."""
    return point.flux / point.fluxerr if point.flux is not None and point.fluxerr > 0 else None


def is_detection(point: Brightness) -> bool:
    """Say whether the flux exceeds three errors."""
    ratio = signal_to_noise(point)
    return ratio is not None and ratio > DETECTION_SNR


def ab_offset(filter_name: str, system: str) -> float | None:
    """Return what is added to a magnitude of `system` to give AB; None if it is not known for this filter."""
    return 0.0 if system == "ab" else AB_MINUS_VEGA.get(filter_name)
