"""Photometry as JSON: in magnitudes, in fluxes, or both."""

from collections.abc import Iterable
from typing import Any, Literal

from chalicelib import clock
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.users.users import user_record
from chalicelib.http.errors import BadRequest
from chalicelib.sources import magnitudes
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.items.photometry_point import PhotometryPoint
from chalicelib.sources.source.access import group_ids_of

Format = Literal["mag", "flux", "both"]
System = Literal["ab", "vega"]

_GROUP_COLUMNS = ("id", "name", "nickname", "single_user_group")


def photometry_records(
    points: Iterable[Photometry | PhotometryPoint], *, form: Format = "mag", system: System = "ab", owners: bool = False
) -> list[dict[str, Any]]:
    """Return points as SkyPortal's clients read them.

    Parameters
    ----------
    form : str
        "mag" gives mag, magerr and limiting_mag, "flux" gives flux, fluxerr and zp, "both" gives all.
    system : str
        Of the magnitudes, and of the zero point.
    owners : bool
        Adds who uploaded each point.

    Raises
    ------
    BadRequest
        The offset between the systems is not known for a filter.
    """
    return [_record(point, form, system, owners=owners) for point in points]


def _record(point: Photometry | PhotometryPoint, form: Format, system: System, *, owners: bool) -> dict[str, Any]:
    offset = known_offset(point.filter, system)
    return {
        "id": point.id,
        "obj_id": point.obj_id,
        "ra": point.ra,
        "dec": point.dec,
        "ra_unc": point.ra_unc,
        "dec_unc": point.dec_unc,
        "filter": point.filter,
        "mjd": point.mjd,
        "snr": magnitudes.signal_to_noise(point),
        "instrument_id": point.instrument_id,
        "instrument_name": point.instrument_name,
        "origin": point.origin,
        "altdata": point.altdata,
        "created_at": clock.iso(point.created_at),
        "groups": _groups(point),
        "magsys": system,
        **({} if form == "flux" else _magnitudes(point, offset)),
        **({} if form == "mag" else _fluxes(point, offset)),
        **({"owner": user_record(point.owner_id)} if owners else {}),
    }


def _groups(point: Photometry | PhotometryPoint) -> list[dict[str, Any]]:
    """Return the groups in short, because they stand on each of thousands of points."""
    return [{name: group[name] for name in _GROUP_COLUMNS} for group in group_records(group_ids_of(point))]


def _magnitudes(point: Photometry | PhotometryPoint, offset: float) -> dict[str, float | None]:
    limit = magnitudes.limiting_mag(point)
    return {
        "mag": magnitudes.mag_of_flux(point.flux, magnitudes.ZERO_POINT - offset),
        "magerr": magnitudes.magerr_of_flux(point.flux, point.fluxerr),
        "limiting_mag": None if limit is None else limit - offset,
    }


def _fluxes(point: Photometry | PhotometryPoint, offset: float) -> dict[str, float | None]:
    return {"flux": point.flux, "fluxerr": point.fluxerr, "zp": magnitudes.ZERO_POINT - offset}


def known_offset(filter_name: str, system: str) -> float:
    """Return what is added to a magnitude of this system to give AB.

    Raises
    ------
    BadRequest
        It is not known for the filter.
    """
    offset = magnitudes.ab_offset(filter_name, system)
    if offset is None:
        known = ", ".join(magnitudes.AB_MINUS_VEGA)
        raise BadRequest(f"No offset from {system} to ab is known for {filter_name}; use ab. Known are {known}.")
    return offset


def without_duplicates(points: Iterable[PhotometryPoint]) -> list[PhotometryPoint]:
    """Keep, of points at the same time in the same filter, the one that was created last."""
    newest = {(point.mjd, point.filter): point for point in sorted(points, key=lambda point: point.id)}
    return sorted(newest.values(), key=lambda point: point.sk)
