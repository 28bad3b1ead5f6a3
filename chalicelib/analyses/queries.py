"""What callers ask with, to read analyses and what came of them."""

from typing import Annotated, Any, Literal

from pydantic import Field

from chalicelib.analyses.limits import LONGEST_WAIT_SECONDS
from chalicelib.http.parsing import Body, Flag, Id, Query
from chalicelib.products.corner.allowed_arguments import expectations


class CornerBody(Body):
    """How the corner plot is drawn."""

    plot_kwargs: Any = Field(
        default=None,
        description="an object of corner's keyword arguments, or that as JSON text. "
        + "; ".join(f"{name}: {expected}" for name, expected in expectations().items()),
    )


class CornerQuery(Query):
    """The same in the query."""

    plot_kwargs: str | None = Field(default=None, description="JSON text of the object that the body describes")
    var_names: str | None = Field(
        default=None, description="parameters to draw, separated by commas; instead of plot_kwargs.var_names"
    )


class PosteriorQuery(Query):
    """The query of a posterior."""

    thin: Annotated[int, Field(ge=1, le=2**53 - 1)] = Field(default=1, description="every how many-th draw")
    var_names: Annotated[str, Field(max_length=10_000)] | None = Field(
        default=None, description="parameters, or arrays of them, separated by commas; all by default"
    )
    format: Literal["json", "csv"] = "json"


class ListQuery(Query):
    """The query of a list of analyses."""

    obj_id: str | None = Field(default=None, alias="objID", min_length=1, max_length=255)
    service_id: Id | None = Field(default=None, alias="analysisServiceID")
    summary_only: Flag = Field(default=False, alias="summaryOnly")
    include_filename: Flag = Field(default=False, alias="includeFilename")
    cursor: Id | None = None


class OneQuery(Query):
    """The query of a single analysis."""

    include_data: Flag = Field(default=False, alias="includeAnalysisData")
    include_filename: Flag = Field(default=False, alias="includeFilename")
    wait: Annotated[int, Field(ge=0, le=LONGEST_WAIT_SECONDS)] = Field(
        default=0, description="s: answer when the analysis has ended, or as it is after so long"
    )


class ResultsQuery(Query):
    """The query of the results."""

    download: Flag = False
