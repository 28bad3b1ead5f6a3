"""E(B-V) from the dust maps of Schlegel, Finkbeiner & Davis (1998), as far as a site has them.

The maps and the `dustmaps` package that reads them are large and optional: infra/dust/requirements.txt.
"""

from functools import cache
from typing import Protocol

from chalicelib.http.errors import BadRequest
from chalicelib.settings import settings


class _Query(Protocol):
    def __call__(self, coordinates: object) -> float: ...


def reddening_at(ra: float, dec: float) -> float:
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
