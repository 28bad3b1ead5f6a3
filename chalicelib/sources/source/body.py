"""The fields of a source as callers write them."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from chalicelib.http.parsing import Body, Id, ObjectName, WithoutBlanks
from chalicelib.sources import blobs
from chalicelib.sources.numbers import MaybeError, MaybeReal, Real
from chalicelib.sources.source.access import OBJ_ID
from chalicelib.sources.source.history import MOST_SUMMARY_CHARACTERS

_MOST_OBJECT_BYTES = 50_000  # all fields together fit into an item of 400 kB

_NO_IDS = {".", "..", "analysis"}


def _small(value: dict[str, Any] | None) -> dict[str, Any] | None:
    if value is not None and len(blobs.json_text(value)) > _MOST_OBJECT_BYTES:
        raise ValueError(f"must not have more than {_MOST_OBJECT_BYTES} bytes of JSON")
    return value


def _valid_id(text: str) -> str:
    if not OBJ_ID.fullmatch(text):
        raise ValueError("must consist of letters, digits and _-;:+. and have at most 255 characters")
    if text in _NO_IDS:
        raise ValueError(f"must not be {text!r}, which means something else in a path")
    return text


SmallObject = Annotated[dict[str, Any] | None, AfterValidator(_small)]
Text = Annotated[str | None, Field(max_length=500)]
ObjId = Annotated[ObjectName, AfterValidator(_valid_id)]


class SourceColumns(Body):
    """Columns of SkyPortal's source that nothing here depends on: kept as they came."""

    ra_dis: MaybeReal = None
    dec_dis: MaybeReal = None
    ra_err: MaybeError = None
    dec_err: MaybeError = None
    offset: MaybeReal = None
    t0: MaybeReal = None
    host_id: int | None = None
    dist_nearest_source: MaybeReal = None
    mag_nearest_source: MaybeReal = None
    e_mag_nearest_source: MaybeError = None
    transient: bool | None = None
    varstar: bool | None = None
    is_roid: bool | None = None
    mpc_name: Text = None
    tns_name: Text = None
    tns_info: SmallObject = None
    score: MaybeReal = None
    origin: Text = None
    alias: Annotated[
        Annotated[list[Annotated[str, Field(max_length=200)]], Field(max_length=50)] | None, WithoutBlanks
    ] = None
    detect_photometry_count: int | None = None


class SourceFields(SourceColumns):
    """What may be given when a source is posted and when it is changed."""

    ra: Annotated[Real, Field(ge=0, le=360)] | None = None
    dec: Annotated[Real, Field(ge=-90, le=90)] | None = None
    redshift: MaybeReal = None
    redshift_error: MaybeError = None
    redshift_origin: Annotated[str | None, Field(max_length=100)] = None
    altdata: SmallObject = None
    summary: Annotated[str | None, Field(max_length=MOST_SUMMARY_CHARACTERS)] = None


class SourcePost(SourceFields):
    """A source to save to groups."""

    id: ObjId
    group_ids: list[Id] | None = None
