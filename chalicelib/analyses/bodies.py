"""What callers send to start analyses, and services to end them."""

from typing import Annotated, Any

from pydantic import (
    AliasChoices,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)

from chalicelib.analyses.limits import MAX_GROUPS, MOST_OBJECTS
from chalicelib.analyses.sent_values import analysis_object, text_of_message
from chalicelib.http.parsing import (
    EMPTY_IS_NOT_GIVEN,
    Body,
    Id,
    ObjectName,
    WithoutBlanks,
)

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
