"""What a caller may ask of a periodogram."""

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from chalicelib import clock
from chalicelib.http.parsing import Query
from chalicelib.sources.numbers import Real
from chalicelib.sources.read.query import Names, Numbers

Method = Literal["lomb_scargle", "box"]
Days = Annotated[Real, Field(gt=0)]

MOST_TERMS = 4

_MJD = "mjd:"
_MJD_ZERO = datetime(1858, 11, 17)  # noqa: DTZ001 - naive UTC is the wire's time


def _as_mjd(text: object) -> object:
    """Read an ISO 8601 date or time, basic or extended, or `mjd:` before a number; a bare number says neither."""
    if not isinstance(text, str):
        return text
    if text.lower().startswith(_MJD):
        return text[len(_MJD) :]
    try:
        moment = clock.naive_utc(datetime.fromisoformat(text.strip()))
    except ValueError:
        raise ValueError("must be an ISO 8601 date such as 2026-11-22, or an MJD such as mjd:61366.5") from None
    return (moment - _MJD_ZERO).total_seconds() / 86_400


Moment = Annotated[
    Real,
    BeforeValidator(_as_mjd, json_schema_input_type=str),
    Field(description="an ISO 8601 date or time in UTC, or `mjd:` and a number"),
]


class PeriodogramQuery(Query):
    """Which points, which periods and which method; periods in days."""

    filters: Annotated[Names, Field(description="separated by commas; all by default")] = ()
    instruments: Annotated[Numbers, Field(description="ids, separated by commas; all by default")] = ()
    since: Annotated[Moment | None, Field(alias="from")] = None
    until: Annotated[Moment | None, Field(alias="to")] = None
    method: Method = "lomb_scargle"
    terms: Annotated[int, Field(ge=1, le=MOST_TERMS, description="of the Fourier series; for lomb_scargle")] = 1
    min_period: Days | None = None
    max_period: Days | None = None
    oversampling: Annotated[
        Real | None, Field(ge=1, description="frequencies for each 1/T, T being the time that the points cover")
    ] = None
    period: Annotated[Days | None, Field(description="to fold at, instead of the best one")] = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_period is not None and self.max_period is not None and self.min_period >= self.max_period:
            raise ValueError(f"min_period, {self.min_period:g} d, must be below max_period, {self.max_period:g} d")
        if self.since is not None and self.until is not None and self.since > self.until:
            raise ValueError("`from` must not be after `to`")
        return self
