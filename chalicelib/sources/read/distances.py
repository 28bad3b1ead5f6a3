"""How far away a source is, as SkyPortal tells it."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.sources.cosmology import FURTHEST, luminosity_distance
from chalicelib.sources.items.source import Source

_HUBBLE_FLOW = 350 / 2.99e5
"""Redshift (350 km/s) below which a velocity says nothing of the distance: Karachentsev et al. 2003, A&A 398, 479."""

_CM_IN_MPC = 3.085677581491367e24
_OWN: dict[str, Callable[[float], float]] = {
    "dm": lambda modulus: 10 ** (modulus / 5 - 5),
    "parallax": lambda arcsec: 1e-6 / arcsec,
    "dist_kpc": lambda distance: distance * 1e-3,
    "dist_Mpc": lambda distance: distance,
    "dist_pc": lambda distance: distance * 1e-6,
    "dist_cm": lambda distance: distance / _CM_IN_MPC,
}
"""What the altdata of a nearby source may say, and how that gives Mpc; the first that does counts."""


def distances(source: Source) -> dict[str, float | None]:
    """Return luminosity and angular diameter distance in Mpc and the distance modulus.

    They follow from what the source's altdata says, else from its redshift in the Planck18 cosmology, else are None.
    """
    redshift = source.redshift if source.redshift is not None and source.redshift >= _HUBBLE_FLOW else None
    luminosity = _own(source.altdata)
    if luminosity is None and redshift is not None and redshift <= FURTHEST:
        luminosity = luminosity_distance(redshift)
    return {
        "luminosity_distance": luminosity,
        "dm": None if luminosity is None else 5 * math.log10(luminosity) + 25,
        "angular_diameter_distance": None if luminosity is None else luminosity / (1 + (redshift or 0.0)) ** 2,
    }


def _own(altdata: object) -> float | None:
    """Return the distance that was measured otherwise; what is no positive number does not count."""
    if not isinstance(altdata, Mapping):
        return None
    found = (_measured(altdata.get(name), convert) for name, convert in _OWN.items())
    return next((distance for distance in found if distance is not None), None)


def _measured(value: Any, convert: Callable[[float], float]) -> float | None:  # noqa: ANN401 - any JSON value
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        distance = convert(float(value))
    except (ValueError, ArithmeticError):
        return None
    return distance if 0 < distance < math.inf else None
