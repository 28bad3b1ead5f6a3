"""`/api/sources/<id>/light_curve`, as JSON and as CSV."""

from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.http.disposition import disposition
from chalicelib.http.endpoint import Content
from chalicelib.http.envelope import Reply
from chalicelib.http.late import Late
from chalicelib.http.parsing import Flag, Query
from chalicelib.sources.light_curve import light_curve
from chalicelib.sources.light_curve.points import Wanted
from chalicelib.sources.photometry.record import System
from chalicelib.sources.read.query import Names
from chalicelib.sources.routes.blueprint import blueprint

if TYPE_CHECKING:
    from chalicelib.sources.light_curve import answer
else:
    answer = Late("chalicelib.sources.light_curve.answer")

_CSV = "text/csv; charset=utf-8"


class LightCurveQuery(Query):
    """Which points, and how they are shown."""

    filters: Annotated[Names, Field(description="separated by commas; all by default")] = ()
    magsys: System = "ab"
    extinction: Annotated[Flag, Field(description="without the dust of the Milky Way")] = False

    @property
    def wanted(self) -> Wanted:
        """The same for the light curve."""
        return Wanted(self.filters, self.magsys, self.extinction)


@endpoint(
    blueprint,
    "GET",
    "/api/sources/{obj_id}/light_curve",
    answers=lambda: answer.LightCurve,
    large=True,
    compressed=True,
)
def get_light_curve(caller: Caller, obj_id: str, query: LightCurveQuery) -> dict[str, Any]:
    """Read the photometry of a source as columns, by time: 10 000 points in less than a megabyte."""
    return light_curve.light_curve(caller, obj_id, query.wanted)


@endpoint(
    blueprint,
    "GET",
    "/api/sources/{obj_id}/light_curve.csv",
    answers=lambda: Content((_CSV,), large=True),
    large=True,
    compressed=True,
)
def get_light_curve_file(caller: Caller, obj_id: str, query: LightCurveQuery) -> Reply:
    """Read the same as a CSV file with one header line, and with all digits."""
    content = light_curve.light_curve_csv(caller, obj_id, query.wanted)
    return Reply(content, _CSV, headers=disposition(f"{obj_id}_light_curve.csv"))
