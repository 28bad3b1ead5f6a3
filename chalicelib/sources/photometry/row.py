"""One row of posted photometry: what is wrong with it, and the measurement that it is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.sources import blobs, magnitudes
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.numbers import NO_ERROR, NOT_STORABLE, is_storable
from chalicelib.sources.photometry.altdata import is_ambiguous
from chalicelib.sources.photometry.measurement import Measurement
from chalicelib.sources.photometry.record import known_offset

_MOST_ALTDATA_BYTES = 20_000  # a hundred of them fit into a transaction
_FAINTEST = 100.0
_LATEST = 1e6
"""MJD, in the year 4596: what is later is a Julian date, a date as digits or a Unix time."""

_MAGNITUDES = ("mag", "limiting_mag")
_ERRORS = ("magerr", "limiting_mag_nsigma", "ra_unc", "dec_unc")
"""Besides fluxerr, which is an error as well, and required where fluxes are posted."""
NUMBERS = ("mjd", "flux", "fluxerr", "zp", "ra", "dec", *_MAGNITUDES, *_ERRORS)


@dataclass(frozen=True, slots=True)
class Row:
    """The values of one row by the names of the columns, with its number for messages."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any column
        return self.values[name]


def faults(row: Row, instrument: Instrument, *, in_fluxes: bool) -> Iterator[str]:
    """Yield all that is wrong with a row, field by field."""
    for name in NUMBERS:
        if row[name] is not None and not is_storable(row[name]):
            yield f"{name} {NOT_STORABLE}"
    for name in _MAGNITUDES:
        if row[name] is not None and abs(row[name]) > _FAINTEST:
            yield f"{name} must be a magnitude between -{_FAINTEST:.0f} and {_FAINTEST:.0f}"
    for name in _ERRORS:
        if row[name] is not None and row[name] <= 0:
            yield f"{name} {NO_ERROR}"
    if row["mjd"] is None or abs(row["mjd"]) > _LATEST:
        yield f"mjd must be a Modified Julian Date (JD - 2400000.5), at most {_LATEST:.0f}"
    yield from _faults_of_fluxes(row) if in_fluxes else _faults_of_magnitudes(row)
    if row["filter"] not in instrument.filters:
        known = ", ".join(instrument.filters) or "none"
        yield f"filter {row['filter']!r} is not one of {instrument.name}: {known}"
    yield from _faults_of_altdata(row)


def _faults_of_fluxes(row: Row) -> Iterator[str]:
    if row["fluxerr"] is None or row["fluxerr"] <= 0:
        yield "fluxerr is required, and positive; it must not be negative or 0"
    if row["zp"] is None:
        yield "zp, the zero point of the fluxes, is required"
    elif abs(row["zp"]) > _FAINTEST:
        yield "zp is out of range"


def _faults_of_magnitudes(row: Row) -> Iterator[str]:
    if (row["mag"] is None) != (row["magerr"] is None):
        yield "mag and magerr must both be given, or both be null for a non-detection"
    elif row["mag"] is None and row["limiting_mag"] is None:
        yield "limiting_mag is required for a non-detection"


def _faults_of_altdata(row: Row) -> Iterator[str]:
    if is_ambiguous(row["altdata"]):
        yield "altdata.extinction_corrected must be true or false"
    if row["altdata"] is not None and len(blobs.json_text(row["altdata"])) > _MOST_ALTDATA_BYTES:
        yield f"altdata has more than {_MOST_ALTDATA_BYTES} bytes of JSON"


def measurement(row: Row, *, in_fluxes: bool) -> Measurement:
    """Convert a row without faults to microjansky and AB.

    Raises
    ------
    BadRequest
        The offset between the systems is not known for the filter.
    """
    offset = known_offset(row["filter"], row["magsys"])
    flux, fluxerr = _fluxes(row, offset) if in_fluxes else _fluxes_of_magnitudes(row, offset)
    limit = row["limiting_mag"]
    return Measurement(
        flux=flux,
        fluxerr=fluxerr,
        limiting_mag=None if limit is None else limit + offset,
        **{name: row[name] for name in ("obj_id", "mjd", "filter", "instrument_id", "origin", "altdata")},
        **{name: row[name] for name in ("ra", "dec", "ra_unc", "dec_unc", "extinction_corrected")},
    )


def is_in_range(measured: Measurement) -> bool:
    """Say whether the converted fluxes can be stored."""
    return measured.fluxerr > 0 and is_storable(measured.fluxerr) and is_storable(measured.flux or 0)


def _fluxes(row: Row, offset: float) -> tuple[float | None, float]:
    flux, fluxerr = row["flux"], row["fluxerr"]
    scale = magnitudes.flux_of_mag(row["zp"] + offset)  # of a flux of 1
    return (None if flux is None else flux * scale), fluxerr * scale


def _fluxes_of_magnitudes(row: Row, offset: float) -> tuple[float | None, float]:
    mag, limit = row["mag"], row["limiting_mag"]
    if mag is not None:
        return magnitudes.flux_of_mag(mag + offset), magnitudes.fluxerr_of_mag(mag + offset, row["magerr"])
    sigma = row["limiting_mag_nsigma"] or magnitudes.POSTED_LIMIT_SIGMA
    return None, magnitudes.fluxerr_of_limit(limit + offset, sigma)
