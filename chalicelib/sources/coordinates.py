"""Positions on the sky, in degrees."""

import math

# the north galactic pole in J2000 and the longitude of the celestial pole: Hipparcos catalogue, ESA SP-1200, 1.5.3
_POLE_RA = math.radians(192.85948)
_POLE_DEC = math.radians(27.12825)
_LONGITUDE_OF_CELESTIAL_POLE = math.radians(122.93192)


def galactic(ra: float, dec: float) -> tuple[float, float]:
    """Return galactic longitude and latitude."""
    alpha, delta = math.radians(ra) - _POLE_RA, math.radians(dec)
    along = math.cos(delta) * math.sin(alpha)
    across = math.sin(delta) * math.cos(_POLE_DEC) - math.cos(delta) * math.sin(_POLE_DEC) * math.cos(alpha)
    height = math.sin(delta) * math.sin(_POLE_DEC) + math.cos(delta) * math.cos(_POLE_DEC) * math.cos(alpha)
    longitude = _LONGITUDE_OF_CELESTIAL_POLE - math.atan2(along, across)
    return math.degrees(longitude) % 360, math.degrees(math.asin(max(-1.0, min(1.0, height))))


def separation(ra: float, dec: float, other_ra: float, other_dec: float) -> float:
    """Return the angle between two positions, by the haversine formula, which keeps small angles exact."""
    delta, other_delta = math.radians(dec), math.radians(other_dec)
    half_dec, half_ra = (other_delta - delta) / 2, math.radians(other_ra - ra) / 2
    haversine = math.sin(half_dec) ** 2 + math.cos(delta) * math.cos(other_delta) * math.sin(half_ra) ** 2
    return math.degrees(2 * math.asin(min(1.0, math.sqrt(haversine))))


def ra_ranges(ra: float, dec: float, radius: float) -> list[tuple[float, float]]:
    """Return the ranges of right ascension, within 0…360, that a circle on the sky touches: one, or two around 0.

    The half-width is asin(sin r / cos dec), unless the circle holds a pole; and a little for what rounding takes away.
    """
    if abs(dec) + radius >= 90:  # noqa: PLR2004 - the pole
        return [(0.0, 360.0)]
    half = math.degrees(math.asin(math.sin(math.radians(radius)) / math.cos(math.radians(dec)))) * (1 + 1e-9) + 1e-12
    low, high = ra % 360 - half, ra % 360 + half
    if low < 0:
        return [(0.0, high), (low + 360, 360.0)]
    if high >= 360:  # noqa: PLR2004 - the circle
        return [(low, 360.0), (0.0, high - 360)]
    return [(low, high)]
