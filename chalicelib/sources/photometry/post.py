"""Photometry as it is posted, in magnitudes or fluxes, one row or columns, turned into measurements."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, TypeAlias, TypeVar

from pydantic import Field, model_validator

from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import Body, Id
from chalicelib.sources.items.instrument import Instrument
from chalicelib.sources.numbers import known, refuse_rows
from chalicelib.sources.photometry.altdata import by_row
from chalicelib.sources.photometry.measurement import Measurement
from chalicelib.sources.photometry.row import NUMBERS, Row, faults, is_in_range, measurement
from chalicelib.sources.source.access import GroupIds
from chalicelib.sources.source.body import ObjId

MOST_ROWS = 10_000

ValueT = TypeVar("ValueT")
Column: TypeAlias = ValueT | list[ValueT]
Number = float | None
System = Literal["ab", "vega"]
Name = Annotated[str, Field(min_length=1, max_length=100)]
Origin = Annotated[str, Field(max_length=500)]

_NOT_COLUMNS = {"group_ids"}


class PhotometryPost(Body):
    """Columns or single values; single values hold for all rows, NaN is the same as null.

    Errors and uncertainties are positive, or null where they are not known. One object in `altdata` holds for all rows,
    but those of its values that are lists as long as the rows are split among them. `extinction_corrected`, here or in
    altdata, says that a row is without the dust of the Milky Way already: inputs of analyses do not correct it again.
    """

    obj_id: Column[ObjId]
    instrument_id: Column[Id]
    filter: Column[Name]
    mjd: Column[float]
    magsys: Column[System] = "ab"
    mag: Column[Number] = None
    magerr: Column[Number] = None
    limiting_mag: Column[Number] = None
    limiting_mag_nsigma: Column[Number] = None
    flux: Column[Number] = None
    fluxerr: Column[Number] = None
    zp: Column[Number] = None
    ra: Column[Number] = None
    dec: Column[Number] = None
    ra_unc: Column[Number] = None
    dec_unc: Column[Number] = None
    origin: Column[Origin | None] = None
    altdata: Column[dict[str, Any] | None] = None
    extinction_corrected: Column[bool | None] = None
    group_ids: GroupIds = None

    @model_validator(mode="before")
    @classmethod
    def _without_empty_columns(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Take an empty column for one that was not given, unless it is required."""
        needed = {name for name, field in cls.model_fields.items() if field.is_required()}
        return {name: value for name, value in values.items() if value != [] or name in needed}


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
        Naming all rows that are wrong, counted from 0, with the fields.
    """
    in_fluxes = _is_in_fluxes(post)
    rows = list(_rows(post))
    refuse_rows(
        (row.number, fault)
        for row in rows
        for fault in faults(row, instruments[row["instrument_id"]], in_fluxes=in_fluxes)
    )
    measured = [measurement(row, in_fluxes=in_fluxes) for row in rows]
    refuse_rows(
        (number, "the flux or its error is out of range") for number, one in enumerate(measured) if not is_in_range(one)
    )
    return measured


def _is_in_fluxes(post: PhotometryPost) -> bool:
    fluxes = any(getattr(post, name) is not None for name in ("flux", "fluxerr"))
    if fluxes and any(getattr(post, name) is not None for name in ("mag", "magerr")):
        raise BadRequest("Give either mag and magerr or flux, fluxerr and zp, not both.")
    if not fluxes and post.mag is None and post.limiting_mag is None:
        raise BadRequest("Give mag, magerr and limiting_mag, or flux, fluxerr and zp.")
    return fluxes


def _rows(post: PhotometryPost) -> Iterator[Row]:
    columns = {name: getattr(post, name) for name in PhotometryPost.model_fields if name not in _NOT_COLUMNS}
    columns |= {name: _known(columns[name]) for name in NUMBERS}
    lengths = {name: len(column) for name, column in columns.items() if isinstance(column, list)}
    count = max(lengths.values(), default=1)
    if uneven := {name: length for name, length in lengths.items() if length != count}:
        raise BadRequest(f"All columns must have the same length: {count} rows, but {uneven}.")
    if not 1 <= count <= MOST_ROWS:
        raise BadRequest(f"{count} rows were posted; give 1 to {MOST_ROWS} in a call.")
    columns["altdata"] = by_row(post.altdata, count)
    for number in range(count):
        yield Row(
            number, {name: column[number] if isinstance(column, list) else column for name, column in columns.items()}
        )


def _known(column: Column[Number]) -> Column[Number]:
    return [known(number) for number in column] if isinstance(column, list) else known(column)
