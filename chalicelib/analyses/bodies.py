"""What callers send to start and to read analyses."""

import json
from typing import Annotated, Any, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import (
    EMPTY_IS_NOT_GIVEN,
    Body,
    Flag,
    Id,
    ObjectName,
    Query,
    WithoutBlanks,
)
from chalicelib.http.reading import json_object
from chalicelib.products.corner.allowed_arguments import expectations

MAX_GROUPS = 90
"""Groups that one analysis may be shared with: the run, its counts and an item a group fit one transaction."""

LONGEST_WAIT_SECONDS = 25
"""That a request may wait for the end of a run: what is left of the gateway's 29 s is for reading before and after."""

MOST_OBJECTS = 10_000
"""Objects of one batch."""

ObjectId = Annotated[ObjectName, Field(min_length=1, max_length=200)]

UploadName = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]

FilterName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)]
FilterNames = Annotated[tuple[FilterName, ...], Field(max_length=200)]
InstrumentIds = Annotated[tuple[Id, ...], Field(max_length=1000)]

GroupIds = Annotated[Annotated[tuple[Id, ...], Field(max_length=MAX_GROUPS)] | None, EMPTY_IS_NOT_GIVEN]


def _without_blanks(names: object) -> object:
    """Leave out blank names; Rubin's ids are numbers, which are the same names."""
    if not isinstance(names, list | tuple):
        return names
    texts = (str(name) if type(name) is int else name for name in names)
    return [name for name in texts if not isinstance(name, str) or name.strip()]


ObjectIds = Annotated[
    tuple[ObjectId, ...], Field(min_length=1, max_length=MOST_OBJECTS), BeforeValidator(_without_blanks)
]


_NOTHING = BeforeValidator(lambda value: None if value == [] else value)
"""For an object of a body: an empty list in its place means that it was not given."""


class PhotometryFilter(Body):
    """Which photometry a service gets; None means all, and so does a list without names."""

    filters: Annotated[FilterNames | None, WithoutBlanks, EMPTY_IS_NOT_GIVEN] = None
    instruments: Annotated[InstrumentIds | None, WithoutBlanks, EMPTY_IS_NOT_GIVEN] = None


class InputFilters(Body):
    """Filters by kind of input."""

    photometry: Annotated[PhotometryFilter | None, _NOTHING] = None


class NewAnalysis(Body):
    """The body of a start."""

    # `url_parameters` is what SkyPortal's documentation still calls them
    analysis_parameters: dict[str, Any] | None = Field(
        default=None, validation_alias=AliasChoices("analysis_parameters", "url_parameters")
    )
    input_filters: Annotated[InputFilters | None, _NOTHING] = None
    show_parameters: bool = False
    show_plots: bool = False
    show_corner: bool = False
    group_ids: GroupIds = None


class ChangedAnalysis(Body):
    """The body of a retry: what is given takes the place of what the analysis was started with."""

    analysis_parameters: dict[str, Any] | None = None
    input_filters: Annotated[InputFilters | None, _NOTHING] = None


class NewBatch(NewAnalysis):
    """The body of a batch: a start over many objects."""

    analysis_service_id: Id
    obj_ids: ObjectIds


def analysis_object(value: object) -> dict[str, Any]:
    """Return the `analysis` of a result, an object or JSON text of one; null is an empty one.

    Raises
    ------
    BadRequest
        Anything else: nothing of it could ever be read.
    """
    if isinstance(value, str):
        try:
            value = json_object(value.encode(errors="surrogatepass"), any_text=True)
        except BadRequest as error:
            raise BadRequest(f"Invalid analysis: it is text, but not that of a JSON object. {error.message}") from None
    if not isinstance(value, dict | None):
        raise BadRequest(f"Invalid analysis: it must be a JSON object, not {_JSON_NAMES[type(value)]}.")
    return value or {}


def text_of_message(value: object) -> str:
    """Return the `message` of a result as text, whatever was sent as one."""
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)


_JSON_NAMES = {list: "an array", bool: "a boolean", int: "a number", float: "a number"}

SentAnalysis = Annotated[
    dict[str, Any],
    BeforeValidator(analysis_object),
    WithJsonSchema({"type": ["object", "string", "null"], "description": "an object, or that as JSON text"}),
]
Message = Annotated[
    str, BeforeValidator(text_of_message), WithJsonSchema({"description": "text; anything else is shown as JSON text"})
]


class NewUpload(Body):
    """The body of an upload."""

    status: Annotated[str, BeforeValidator(lambda value: "success" if value is None else value)] = "success"
    message: Message = ""
    analysis: SentAnalysis = Field(default={})
    uploaded: UploadName | None = Field(default=None, description="the document that was uploaded under this name")
    show_parameters: bool = True
    show_plots: bool = True
    show_corner: bool = True
    group_ids: GroupIds = None


class ResultBody(BaseModel):
    """What a service posts back; any other keys are kept, too."""

    model_config = ConfigDict(extra="allow")

    status: str | float | bool | None = Field(default="failure", description="`success`; anything else is a failure")
    message: Message = ""
    analysis: SentAnalysis = Field(default={}, description="plots, results, inference_data and so on")
    uploaded: bool = Field(
        default=False, description="the document was uploaded: see upload_url; then without analysis"
    )


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
