"""Photometry as it is posted, in magnitudes or fluxes, one row or columns, turned into measurements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import AfterValidator, Field

from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import Body, Id
from chalicelib.sources import blobs, magnitudes
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.numbers import MaybeReal, Real, is_storable
from chalicelib.sources.photometry.measurement import Measurement
from chalicelib.sources.photometry.record import known_offset
from chalicelib.sources.source.access import GroupIds
from chalicelib.sources.source.body import ObjId

MOST_ROWS = 10_000
_MOST_ALTDATA_BYTES = 20_000  # a hundred of them fit into a transaction
_FAINTEST = 100.0


def _plausible(magnitude: float | None) -> float | None:
    if magnitude is not None and abs(magnitude) > _FAINTEST:
        raise ValueError(f"must be a magnitude between -{_FAINTEST:.0f} and {_FAINTEST:.0f}")
    return magnitude


def _not_negative(error: float | None) -> float | None:
    if error is not None and error < 0:
        raise ValueError("must not be negative")
    return error


ValueT = TypeVar("ValueT")
Column: TypeAlias = ValueT | list[ValueT]
System = Literal["ab", "vega"]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Origin = Annotated[str, Field(max_length=500)]
Magnitude = Annotated[MaybeReal, AfterValidator(_plausible)]
Error = Annotated[MaybeReal, AfterValidator(_not_negative)]

_NOT_COLUMNS = {"group_ids"}


class PhotometryPost(Body):
    """Columns or single values; single values hold for all rows, NaN is the same as null."""

    obj_id: Column[ObjId]
    instrument_id: Column[Id]
    filter: Column[Name]
    mjd: Column[Real]
    magsys: Column[System] = "ab"
    mag: Column[Magnitude] = None
    magerr: Column[Error] = None
    limiting_mag: Column[Magnitude] = None
    limiting_mag_nsigma: Column[Error] = None
    flux: Column[MaybeReal] = None
    fluxerr: Column[Error] = None
    zp: Column[MaybeReal] = None
    ra: Column[MaybeReal] = None
    dec: Column[MaybeReal] = None
    ra_unc: Column[MaybeReal] = None
    dec_unc: Column[MaybeReal] = None
    origin: Column[Origin | None] = None
    altdata: Column[dict[str, Any] | None] = None
    group_ids: GroupIds = None


@dataclass(frozen=True, slots=True)
class _Row:
    """One row, with its number for messages."""

    number: int
    values: Mapping[str, Any]

    def __getitem__(self, name: str) -> Any:  # noqa: ANN401 - any column
        return self.values[name]

    def refuse(self, reason: str) -> BadRequest:
        """Return the failure to raise."""
        return BadRequest(f"Row {self.number}: {reason}")


def obj_ids(post: PhotometryPost) -> list[str]:
    """Return the objects that a post is about, each once."""
    return list(dict.fromkeys(post.obj_id)) if isinstance(post.obj_id, list) else [post.obj_id]


def instrument_ids(post: PhotometryPost) -> set[int]:
    """Return the instruments that a post names."""
    return set(post.instrument_id) if isinstance(post.instrument_id, list) else {post.instrument_id}


def measurements(post: PhotometryPost, instruments: Mapping[int, Instrument]) -> list[Measurement]:
    """Check every row and convert it to microjansky and AB.

    Parameters
    ----------
    instruments : mapping
        All that the post names, by number.

    Raises
    ------
    BadRequest
        Naming the first row that is wrong, counted from 0.
    """
    in_fluxes = _is_in_fluxes(post)
    return [_measurement(row, instruments, in_fluxes=in_fluxes) for row in _rows(post)]


def _is_in_fluxes(post: PhotometryPost) -> bool:
    fluxes = any(getattr(post, name) is not None for name in ("flux", "fluxerr"))
    if fluxes and any(getattr(post, name) is not None for name in ("mag", "magerr")):
        raise BadRequest("Give either mag and magerr or flux, fluxerr and zp, not both.")
    if not fluxes and post.mag is None and post.limiting_mag is None:
        raise BadRequest("Give mag, magerr and limiting_mag, or flux, fluxerr and zp.")
    return fluxes


def _rows(post: PhotometryPost) -> Iterator[_Row]:
    columns = {name: getattr(post, name) for name in PhotometryPost.model_fields if name not in _NOT_COLUMNS}
    lengths = {name: len(column) for name, column in columns.items() if isinstance(column, list)}
    count = max(lengths.values(), default=1)
    if uneven := {name: length for name, length in lengths.items() if length != count}:
        raise BadRequest(f"All columns must have the same length: {count} rows, but {uneven}.")
    if not 1 <= count <= MOST_ROWS:
        raise BadRequest(f"{count} rows were posted; give 1 to {MOST_ROWS} in a call.")
    for number in range(count):
        values = {name: column[number] if name in lengths else column for name, column in columns.items()}
        yield _Row(number, values)


def _measurement(row: _Row, instruments: Mapping[int, Instrument], *, in_fluxes: bool) -> Measurement:
    instrument = instruments[row["instrument_id"]]
    if row["filter"] not in instrument.filters:
        raise row.refuse(
            f"filter {row['filter']!r} is not one of {instrument.name}: {', '.join(instrument.filters) or 'none'}."
        )
    if row["altdata"] is not None and len(blobs.json_text(row["altdata"])) > _MOST_ALTDATA_BYTES:
        raise row.refuse(f"altdata has more than {_MOST_ALTDATA_BYTES} bytes of JSON.")
    offset = known_offset(row["filter"], row["magsys"])
    flux, fluxerr = _fluxes(row, offset) if in_fluxes else _fluxes_of_magnitudes(row, offset)
    if not is_storable(fluxerr) or not is_storable(flux or 0):
        raise row.refuse("the flux or its error is out of range.")
    limit = row["limiting_mag"]
    return Measurement(
        flux=flux,
        fluxerr=fluxerr,
        limiting_mag=None if limit is None else limit + offset,
        **{name: row[name] for name in ("obj_id", "mjd", "filter", "instrument_id", "origin", "altdata")},
        **{name: row[name] for name in ("ra", "dec", "ra_unc", "dec_unc")},
    )


def _fluxes(row: _Row, offset: float) -> tuple[float | None, float]:
    flux, fluxerr, zero_point = row["flux"], row["fluxerr"], row["zp"]
    if fluxerr is None or (flux is None and fluxerr == 0):
        raise row.refuse("fluxerr is required, and positive where there is no flux.")
    if zero_point is None:
        raise row.refuse("zp, the zero point of the fluxes, is required.")
    if abs(zero_point) > _FAINTEST:
        raise row.refuse("zp is out of range.")
    scale = magnitudes.flux_of_mag(zero_point + offset)  # of a flux of 1
    return (None if flux is None else flux * scale), fluxerr * scale


def _fluxes_of_magnitudes(row: _Row, offset: float) -> tuple[float | None, float]:
    mag, magerr, limit = row["mag"], row["magerr"], row["limiting_mag"]
    if (mag is None) != (magerr is None):
        raise row.refuse("mag and magerr must both be given, or both be null for a non-detection.")
    if mag is not None:
        return magnitudes.flux_of_mag(mag + offset), magnitudes.fluxerr_of_mag(mag + offset, magerr)
    if limit is None:
        raise row.refuse("limiting_mag is required for a non-detection.")
    sigma = row["limiting_mag_nsigma"]
    if sigma is not None and not sigma > 0:
        raise row.refuse("limiting_mag_nsigma must be positive.")
    return None, magnitudes.fluxerr_of_limit(limit + offset, sigma or magnitudes.POSTED_LIMIT_SIGMA)
