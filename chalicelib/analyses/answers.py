"""What analyses answer, as SkyPortal's clients read it."""

from typing import Any, Literal

from pydantic import ConfigDict, Field

from chalicelib.accounts.answers import Group
from chalicelib.analyses.states import State
from chalicelib.http.endpoint import Content
from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time
from chalicelib.services.answers import Warned


class ShortAnalysis(Record):
    """A row of the list over all objects."""

    id: Id
    obj_id: str
    status: State
    status_message: str | None
    created_at: Time
    last_activity: Time
    analysis_service_id: Id
    analysis_service_name: str | None
    analysis_service_description: str | None


class RunInBrief(ShortAnalysis):
    """A run in a line."""

    resource_type: Literal["obj"]
    service: str | None = Field(description="its display name, as analysis_service_name")
    author_id: Id
    author: str | None = Field(description="the username")
    modified: Time
    batch_id: Id | None
    relay_id: Id | None = Field(description="through which another portal asked for it")
    next_try_at: Time | None = Field(description="of a run that waits")
    duration: float | None = Field(description="seconds")


class Changes(Record):
    """What moved."""

    next: str = Field(description="what to ask with the next time")
    runs: list[RunInBrief] = Field(description="as they are now, oldest change first")
    gone: list[Id] = Field(description="deleted")
    reset: bool = Field(description="`runs` are the newest ones: nothing is known of what moved before")


class Glance(Record):
    """The newest analysis of a service on an object."""

    id: Id
    analysis_service_id: Id
    service: str | None
    status: State
    at: Time = Field(description="since when")


class StateCounts(Record):
    """How many are in each state."""

    queued: int
    pending: int
    completed: int
    failure: int
    timed_out: int
    cancelled: int


class Bin(StateCounts):
    """The same of those that started in a stretch of time."""

    since: Time = Field(alias="from")
    until: Time = Field(alias="to")


class Counts(Record):
    """How many analyses are in each state, altogether and by the time of their start, oldest first."""

    totals: StateCounts
    bins: list[Bin]
    complete: bool = Field(description="whether all were counted; otherwise the newest 5000")


class Happening(Record):
    """Something that happened to an analysis."""

    at: Time
    event: str = Field(
        description="started, the outcome of an attempt, the state at the end, collected, product_failed, "
        "applied or not_applied; relayed and forwarded, if it came through a relay"
    )
    text: str = Field(description="a sentence")
    attempt: int | None = Field(default=None, description="of attempts, like the following")
    http_status: int | None = None
    milliseconds: int | None = None
    next_try: Time | None = None
    message: str | None = Field(default=None, description="the service's own words, for author and administrators")


class Preview(Record):
    """What a service would be sent."""

    document: dict[str, Any] = Field(description="without callback, upload URL and keys")
    rows: dict[str, int] = Field(description="by input type")
    bytes: int = Field(description="of the document as JSON")


class Analysis(ShortAnalysis):
    """An analysis."""

    modified: Time
    author_id: Id
    hash: str | None
    show_parameters: bool
    show_plots: bool
    show_corner: bool
    analysis_parameters: dict[str, Any]
    input_filters: dict[str, Any]
    invalid_after: Time | None
    token: None = Field(description="only the service ever sees it")
    handled_by_url: str
    duration: float | None = Field(description="seconds")
    groups: list[Group]
    num_plots: int
    filename: str | None = Field(default=None, description="only with includeFilename")
    data: dict[str, Any] | None = Field(
        default=None, description="what the service sent, as it came: only with includeAnalysisData"
    )


class ListedAnalysis(Analysis):
    """An analysis in the list of its object: with the model that its result describes."""

    model_lightcurve: dict[str, Any] | None = Field(description="filter: rows of mjd, median, low, high")
    model_lightcurves: dict[str, Any] | None
    model_name: str | None
    n_detections: int | None


class Uploaded(Record):
    """An analysis that was uploaded."""

    id: Id
    message: str | None


class Received(Record):
    """The result is stored and counts."""

    status: Literal["success"]


class UploadForm(Record):
    """A presigned S3 form: POST the document there as the field `file`, after all `fields` (multipart/form-data)."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    expires_at: Time


class NamedUploadForm(UploadForm):
    """The same for an upload, and the name to commit it under."""

    upload: str


class Attempt(Record):
    """What became of one dispatch, or of a result that was too large to be posted."""

    attempt: int
    at: Time
    outcome: Literal["taken", "refused", "retry", "unknown", "interrupted", "too_large"]
    http_status: int | None
    milliseconds: int | None
    message: str
    next_try: Time | None


class Effect(Record):
    """What became of one thing that the result says of its source."""

    at: Time
    kind: Literal["summary", "annotation", "classification"]
    number: int | None = Field(description="from 0 in the list that was sent; null for the list as a whole")
    name: str | None = Field(description="origin of an annotation, class of a classification, once it could be read")
    applied: bool
    reason: str | None = Field(description="why it was not applied")


class Effects(Record):
    """What became of what the result says of its source."""

    collected_at: Time | None = Field(description="null while nothing was tried yet")
    effects: list[Effect] = Field(description="the summary, then annotations and classifications as they were sent")


class Product(Record):
    """One thing that an analysis returned, or that is made of it."""

    kind: Literal["results", "plot", "corner", "inference_data", "posterior"]
    number: int | None = Field(default=None, description="of a plot, from 0; plots alone have one")
    state: Literal["ready", "waiting", "failed"]
    problem: str | None = Field(default=None, description="why it cannot be read; only if it failed")
    bytes: int | None = Field(default=None, description="of what `url` answers, if it is stored")
    media_type: str | None = Field(default=None, description="of what `url` answers, if it is stored")
    url: str = Field(description="a path")


class Products(Record):
    """What an analysis returned."""

    products: list[Product]


class SentInputs(Record):
    """The document that a service was sent, without callback, upload URL and keys."""

    model_config = ConfigDict(extra="allow")

    inputs: dict[str, Any]
    callback_method: str
    invalid_after: str
    analysis_resource_type: str
    resource_id: str
    analysis_parameters: dict[str, Any]


class Window(Record):
    """Which analyses were looked at: the newest ones."""

    analyses: int
    most: int
    since: Time | None


class Durations(Record):
    """From start to result of what completed, in seconds."""

    median: float | None
    percentile_95: float | None


class InFlight(Record):
    """Analyses that the service has, as far as they are counted: services with max_in_flight."""

    now: int
    most: int | None


class Circuit(Record):
    """Whether the service is sent analyses (closed), is paused (open), or is tried by one of them (half_open)."""

    state: Literal["closed", "open", "half_open"]
    failures: int = Field(description="dispatches that failed in a row")
    paused_until: Time | None


class Removal(Record):
    """What deleting a service removes."""

    analyses: int
    unfinished: int = Field(description="of the analyses: queued or pending")
    products: int = Field(description="results, plots, corner plots, inference data and posteriors that can be read")
    default_analyses: int
    complete: bool = Field(description="whether all were counted; otherwise the newest 2000")


class RecentRun(Record):
    """One of the newest analyses."""

    at: Time
    status: State
    seconds: float | None


class ServiceHealth(Record):
    """How a service has been doing."""

    window: Window
    by_state: dict[State, int]
    seconds: Durations
    last_success: Time | None
    in_flight: InFlight
    circuit: Circuit
    warnings: list[Warned]
    recent: list[RecentRun] = Field(description="the newest 30, oldest first")


class NewBatch(Record):
    """A batch that was accepted."""

    id: Id
    total: int = Field(description="objects, each counted once")


class ListedBatch(Record):
    """A batch in the list of one's own."""

    id: Id
    analysis_service_id: Id
    service: str | None
    author_id: Id
    created_at: Time
    n: int = Field(description="objects")
    refused: int
    cancelled: bool
    counts: dict[State, int] = Field(description="analyses by state; empty where there was no time to count")


class Batches(Record):
    """One's own batches, newest first."""

    batches: list[ListedBatch]


class CancelledBatch(Record):
    """What became of the analyses that had not ended."""

    cancelled: int
    remaining: int = Field(description="ask again for these")


class RetriedBatch(Record):
    """A batch that repeats what failed."""

    batch_id: Id
    total: int


class Refused(Record):
    """An object whose analysis was not started."""

    obj_id: str
    reason: str


class BatchProgress(Record):
    """How far a batch is."""

    id: Id
    analysis_service_id: Id
    created_at: Time
    total: int
    created: int
    refused: int
    author_id: Id
    waiting: int = Field(description="objects whose turn has not come")
    by_state: dict[State, int]
    n: int = Field(description="as total, under the name that the list has")
    counts: dict[State, int] = Field(description="as by_state, under the name that the list has")
    cancelled: bool
    runs: list[Id] = Field(description="in the order of the objects; analysis_runs?batchID= has their records")
    refusals: list[Refused] = Field(description="the first 1000")


AnyAnalysis = ListedAnalysis | ShortAnalysis

RESULTS = Content(("application/json",), large=True, file=True)
"""In the envelope, or without it for `download`."""
PLOT = Content(
    (
        "image/png",
        "image/svg+xml",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "application/pdf",
        "application/octet-stream",
    ),
    large=True,
    file=True,
)
CORNER_PLOT = Content(("image/png",), large=True, file=True)
INFERENCE_DATA = Content(("application/x-netcdf",), large=True, file=True)
POSTERIOR = Content(("application/json", "text/csv; charset=utf-8"), large=True, file=True)
ARCHIVE = Content(("application/zip",), large=True, file=True)
