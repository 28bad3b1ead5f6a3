"""The points of a light curve: brightness in a system of magnitudes, with or without the dust of the Milky Way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from chalicelib.accounts.caller import Caller
from chalicelib.sources import magnitudes
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.photometry.extinction import R, is_corrected
from chalicelib.sources.photometry.record import System, known_offset
from chalicelib.sources.photometry.reddening import reddening
from chalicelib.sources.source.partition import data_of

COLUMNS = ("mjd", "mag", "magerr", "flux", "fluxerr", "limiting_mag", "filter", "instrument_id", "origin", "id")


class Point(NamedTuple):
    """MJD, magnitudes of the system, microjansky."""

    mjd: float
    mag: float | None
    magerr: float | None
    flux: float | None
    fluxerr: float
    limiting_mag: float | None
    filter: str
    instrument_id: int
    origin: str | None
    id: int
    is_detection: bool
    extinction: float
    """Magnitudes that were taken off."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which filters (none: all), in which system, and whether without the dust."""

    filters: tuple[str, ...] = ()
    system: System = "ab"
    extinction: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """By time, and the E(B-V) that they are corrected for."""

    points: tuple[Point, ...]
    ebv: float | None


def light_curve_points(caller: Caller, obj_id: str, wanted: Wanted) -> Points:
    """Return what the caller may see of a source's photometry.

    Raises
    ------
    NotFound
        "Source not found".
    BadRequest
        E(B-V) is not known, or the offset between the systems for a filter.
    """
    data = data_of(caller, obj_id, {"photometry"})
    ebv = reddening(data.source) if wanted.extinction else None
    chosen = (point for point in data.photometry if not wanted.filters or point.filter in wanted.filters)
    return Points(tuple(_points(chosen, wanted.system, ebv or 0.0)), ebv)


def _points(photometry: Iterable[PhotometryPoint], system: System, ebv: float) -> Iterator[Point]:
    for point in photometry:
        taken_off = 0.0 if is_corrected(point) else ebv * R.get(point.filter, 0.0)
        factor = 10 ** (0.4 * taken_off)
        shift = known_offset(point.filter, system) + taken_off
        limit = magnitudes.limiting_mag(point)
        yield Point(
            mjd=point.mjd,
            mag=magnitudes.mag_of_flux(point.flux, magnitudes.ZERO_POINT - shift),
            magerr=magnitudes.magerr_of_flux(point.flux, point.fluxerr),
            flux=None if point.flux is None else point.flux * factor,
            fluxerr=point.fluxerr * factor,
            limiting_mag=None if limit is None else limit - shift,
            filter=point.filter,
            instrument_id=point.instrument_id,
            origin=point.origin,
            id=point.id,
            is_detection=magnitudes.is_detection(point),
            extinction=taken_off,
        )
