"""Spectra of a source: stored packed, shown as SkyPortal's clients read them."""

import math
import statistics
from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import Field

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.accounts.users.users import user_record
from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import Moment
from chalicelib.http.parsing import EMPTY_IS_NOT_GIVEN, Body, Id, ObjectName
from chalicelib.ids import new_id
from chalicelib.registry import sort_key
from chalicelib.sources import blobs
from chalicelib.sources.items.spectrum import SPECTRUM, Spectrum
from chalicelib.sources.numbers import NO_ERROR, NOT_STORABLE, Real, is_storable, known, refuse_rows
from chalicelib.sources.records.facilities import known_instruments, short_instruments
from chalicelib.sources.records.own_files import forget_originals
from chalicelib.sources.source.access import GroupIds, check_change, group_ids_of, readable_source, shared_groups
from chalicelib.sources.source.body import Text
from chalicelib.sources.source.find_record import find_record
from chalicelib.sources.source.people import remember_people

_UNIX_EPOCH_MJD = 40587.0
_DAY_SECONDS = 86400.0


Fluxes = list[float | None]
"""NaN and null say that a value is missing."""


class SpectrumPost(Body):
    """A spectrum; `observed_at` without an offset is UTC, errors are positive or null where they are not known."""

    obj_id: ObjectName
    instrument_id: Id
    observed_at: Moment
    wavelengths: Annotated[list[Real], Field(min_length=1)]
    fluxes: Annotated[Fluxes, Field(min_length=1)]
    errors: Annotated[Fluxes | None, EMPTY_IS_NOT_GIVEN] = None
    units: Text = None
    origin: Text = None
    type: Annotated[str, Field(min_length=1, max_length=100)] = "source"
    label: Text = None
    altdata: dict[str, Any] | None = None
    external_pi: Text = None
    external_reducer: Text = None
    external_observer: Text = None
    group_ids: GroupIds = None


_NOT_HERE: dict[str, Any] = {
    **dict.fromkeys(("followup_request_id", "assignment_id", "original_file_filename")),
    **{name: [] for name in ("annotations", "comments", "pis", "reducers", "observers")},
}
"""What SkyPortal knows of a spectrum and we do not."""


def add_spectrum(caller: Caller, post: SpectrumPost) -> int:
    """Store a spectrum and return its number.

    Raises
    ------
    NotFound
        "Source not found".
    BadRequest
        Columns of different lengths, numbers that cannot be fluxes or errors, or an unknown instrument.
    """
    uneven = [
        name for name in ("fluxes", "errors") if len(getattr(post, name) or post.wavelengths) != len(post.wavelengths)
    ]
    if uneven:
        raise BadRequest(f"{' and '.join(uneven)} must be as many as wavelengths: {len(post.wavelengths)}.")
    refuse_rows(_faults(post))
    source = readable_source(caller, post.obj_id)
    instrument = known_instruments([post.instrument_id])[post.instrument_id]
    number = new_id()
    spectrum = Spectrum(
        post.obj_id,
        SPECTRUM + sort_key(number),
        record_id=number,
        owner_id=caller.user_id,
        group_ids=set(shared_groups(caller, source, post.group_ids)),
        instrument_id=instrument.id,
        instrument_name=instrument.name,
        telescope_id=instrument.telescope_id,
        telescope_name=instrument.telescope_name,
        columns={
            name: value
            for name in ("external_pi", "external_reducer", "external_observer")
            if (value := getattr(post, name)) is not None
        },
        **{name: getattr(post, name) for name in ("observed_at", "type", "label", "units", "origin")},
    )
    errors = None if post.errors is None else _numbers(post.errors)
    spectrum.pack(
        {"wavelengths": post.wavelengths, "fluxes": _numbers(post.fluxes), "errors": errors, "altdata": post.altdata}
    )
    spectrum.save(Spectrum.sk.does_not_exist())
    return number


def remove_spectrum(caller: Caller, spectrum_id: int) -> None:
    """Delete a spectrum; raise Forbidden to all but its owner and those who manage sources."""
    spectrum = find_record(caller, Spectrum, spectrum_id)
    check_change(caller, spectrum, UPLOAD_DATA)
    forget_originals(spectrum.obj_id, spectrum.id)
    spectrum.delete()
    if spectrum.content_key is not None:
        blobs.remove(spectrum.content_key)


def spectrum_records(spectra: Collection[Spectrum], *, normalized: bool = False) -> list[dict[str, Any]]:
    """Return spectra as JSON; `normalized` divides by the median of the absolute fluxes."""
    remember_people(spectra)
    instruments = short_instruments(spectrum.instrument_id for spectrum in spectra)
    return [_record(spectrum, instruments, normalized=normalized) for spectrum in spectra]


def _record(spectrum: Spectrum, instruments: Mapping[int, dict[str, Any]], *, normalized: bool) -> dict[str, Any]:
    content = spectrum.unpacked()
    factor = _median(content["fluxes"]) if normalized else 1.0
    return {
        "id": spectrum.id,
        "obj_id": spectrum.obj_id,
        "created_at": clock.iso(spectrum.created_at),
        "modified": clock.iso(spectrum.modified),
        "observed_at": clock.iso(spectrum.observed_at),
        "observed_at_mjd": _mjd(spectrum.observed_at),
        "wavelengths": content["wavelengths"],
        "fluxes": _scaled(content["fluxes"], factor),
        "errors": None if content["errors"] is None else _scaled(content["errors"], factor),
        "altdata": content["altdata"],
        "units": spectrum.units,
        "origin": spectrum.origin,
        "type": spectrum.type,
        "label": spectrum.label,
        "instrument_id": spectrum.instrument_id,
        "instrument": instruments.get(spectrum.instrument_id),
        "instrument_name": spectrum.instrument_name,
        "telescope_id": spectrum.telescope_id,
        "telescope_name": spectrum.telescope_name,
        "owner_id": spectrum.owner_id,
        "owner": user_record(spectrum.owner_id),
        "groups": group_records(group_ids_of(spectrum)),
        **_NOT_HERE,
        **spectrum.columns,
    }


def _faults(post: SpectrumPost) -> Iterator[tuple[int, str]]:
    for name, values in (("fluxes", post.fluxes), ("errors", post.errors or [])):
        for position, value in enumerate(map(known, values)):
            if value is not None and not is_storable(value):
                yield position, f"{name} {NOT_STORABLE}"
            elif value is not None and name == "errors" and value <= 0:
                yield position, f"errors {NO_ERROR}"


def _numbers(values: Fluxes) -> list[float]:
    return [math.nan if value is None else value for value in values]


def _median(fluxes: list[float]) -> float:
    known = [abs(flux) for flux in fluxes if math.isfinite(flux)]
    return statistics.median(known) if known else 1.0


def _scaled(values: list[float], factor: float) -> list[float]:
    return values if factor in (0, 1) else [value / factor for value in values]


def _mjd(moment: datetime) -> float:
    return _UNIX_EPOCH_MJD + moment.replace(tzinfo=UTC).timestamp() / _DAY_SECONDS
