"""A periodogram as the API answers it; periods in days, frequencies in cycles a day."""

from typing import Annotated

from pydantic import Field

from chalicelib.http.record import Record
from chalicelib.sources.periodogram.query import Method

Fraction = Annotated[float, Field(ge=0, le=1)]


class Peak(Record):
    """A maximum, refined between the frequencies of the grid."""

    period: float
    period_error: float = Field(description="one standard deviation, if this is the right peak")
    power: Fraction
    false_alarm_probability: Fraction
    alias_of: float | None = Field(
        description="the period of a stronger peak of which this is a daily or harmonic alias"
    )


class Curve(Record):
    """Thinned to what a plot can show."""

    frequency: list[float]
    power: list[Fraction]


class Box(Record):
    """The best dip: fraction of the median flux, days, MJD."""

    period: float
    duration: float
    depth: float
    mid_time: float


class Computed(Curve):
    """What the periodograms function answers."""

    false_alarm_levels: dict[str, Fraction] = Field(description="powers, by the probability that noise exceeds them")
    false_alarm_method: str
    peaks: list[Peak] = Field(min_length=1, max_length=10, description="strongest first")
    window: Curve = Field(description="the spectral window of the times")
    box: Box | None = Field(description="of the best peak, for the method box")


class Folded(Record):
    """All points, by time, over the phase from an epoch on."""

    period: float
    epoch: float = Field(description="MJD of phase 0")
    phase: list[float]
    mag: list[float]
    magerr: list[float]
    filter: list[str]


class Periodogram(Computed):
    """Power by frequency, its peaks and what they are worth."""

    method: Method
    terms: int
    filters: list[str]
    n_points: int = Field(description="detections that the caller may see")
    n_frequencies: int = Field(description="searched, before thinning")
    min_period: float
    max_period: float
    oversampling: float
    folded: Folded
