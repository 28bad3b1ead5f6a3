"""E(B-V) of a source: the number that it carries, else what the dust maps say where it lies.

The maps are those of Schlegel, Finkbeiner & Davis (1998, ApJ 500, 525). They and the `dustmaps` package that reads them
are large and optional: infra/dust/requirements.txt.
"""

import math
from functools import cache
from typing import Protocol

from chalicelib.http.errors import BadRequest
from chalicelib.settings import settings
from chalicelib.sources.items.source import Source


class _Query(Protocol):
    def __call__(self, coordinates: object) -> float: ...


def check_reddening(source: Source) -> None:
    """Make sure that E(B-V) of a source can be told, without reading the map.

    Raises
    ------
    BadRequest
        The source has no number under `ebv` in its altdata, and the site has no dust map.
    """
    if _own_reddening(source) is None and settings().dust_maps is None:
        raise BadRequest(
            "Cannot correct for extinction: E(B-V) is not known. Give it as a number under `ebv` in the source's "
            "altdata, or have the site's administrator set the location of the SFD dust maps."
        )


def reddening(source: Source) -> float:
    """Return E(B-V) in magnitudes: the source's own number, else the dust map's; raises like `check_reddening`."""
    check_reddening(source)
    own = _own_reddening(source)
    return _from_map(source.ra, source.dec) if own is None else own


def known_reddening(source: Source) -> float | None:
    """Return E(B-V) like `reddening`, or None where it cannot be told here."""
    try:
        return reddening(source)
    except BadRequest:
        return None


def _own_reddening(source: Source) -> float | None:
    """Return the number that the source carries; what is no number, or negative, does not count."""
    value = source.altdata.get("ebv") if isinstance(source.altdata, dict) else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return float(value) if 0 <= value < math.inf else None


def _from_map(ra: float, dec: float) -> float:
    """Return E(B-V) in magnitudes at a position in degrees.

    Raises
    ------
    BadRequest
        The maps, or the package that reads them, are not where the settings say.
    """
    try:
        from astropy.coordinates import SkyCoord  # noqa: PLC0415 - optional, and slow to import

        return float(_maps(settings().dust_maps)(SkyCoord(ra, dec, unit="deg")))
    except (ImportError, OSError) as error:
        raise BadRequest(f"Cannot correct for extinction: the site's dust maps cannot be read ({error}).") from None


@cache
def _maps(directory: str | None) -> _Query:
    """Read both maps, 128 MB, once."""
    from dustmaps.sfd import SFDQuery  # noqa: PLC0415 - optional

    query: _Query = SFDQuery(map_dir=directory)
    return query
