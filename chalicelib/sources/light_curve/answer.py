"""A light curve as the API answers it: columns, which are a third of the size of records."""

from pydantic import Field

from chalicelib.http.parsing import Id
from chalicelib.http.record import Record
from chalicelib.sources.photometry.record import System

_Numbers = list[float | None]


class Columns(Record):
    """One entry a point in each, by time; null where there is nothing."""

    mjd: list[float]
    mag: _Numbers
    magerr: _Numbers
    flux: _Numbers = Field(description="microjansky; null for a non-detection")
    fluxerr: _Numbers
    limiting_mag: _Numbers = Field(description="as posted, else that of five errors")
    filter: list[str]
    instrument_id: list[Id]
    origin: list[str | None]
    id: list[Id]


class Filter(Record):
    """The points of one filter."""

    n: int
    n_detections: int = Field(description="flux above three errors")
    extinction: float | None = Field(description="magnitudes that were taken off; null where none were")


class LightCurve(Record):
    """The photometry of a source that the caller may see."""

    columns: Columns = Field(description="numbers with seven digits, times to 1e-8 d: light_curve.csv has all digits")
    filters: dict[str, Filter]
    n: int
    magsys: System
    ebv: float | None = Field(description="E(B-V) that was corrected for, in magnitudes; null if nothing was")
