"""The query of the list of sources."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import Moment
from chalicelib.http.pages import PageSize
from chalicelib.http.parsing import Flag, Query, listed
from chalicelib.sources.numbers import Real

NUMBERED_PAGES = 10

_NOT_SUPPORTED = frozenset(
    {
        *("spatialCatalogName", "spatialCatalogEntryName", "localizationDateobs", "localizationName"),
        *("localizationCumprob", "listName", "startDate", "endDate", "numberDetections", "hasSpectrum"),
        *("hasNoSpectrum", "hasSpectrumBefore", "hasSpectrumAfter", "hasFollowupRequest", "hasBeenLabelled"),
        *("hasNotBeenLabelled", "simbadClass", "minPeakMagnitude", "maxPeakMagnitude", "minLatestMagnitude"),
        *(
            "maxLatestMagnitude",
            "annotationsFilter",
            "commentsFilter",
            "sortBy",
            "saveSummary",
            "pendingOnly",
            "queryID",
        ),
    }
)
"""Filters of SkyPortal that would change the answer, were they heeded."""


NewestAnalysis = Literal["queued", "pending", "completed", "failure", "timed_out", "cancelled", "none"]
"""The states of an analysis, and none for a source that has none."""

Names = Annotated[tuple[str, ...], BeforeValidator(listed)]
Numbers = Annotated[tuple[int, ...], BeforeValidator(listed)]


class SourceQuery(Query):
    """Which sources, and which page of them."""

    page_number: Annotated[int, Field(alias="pageNumber", ge=1)] = 1
    num_per_page: Annotated[PageSize, Field(alias="numPerPage")] = 100
    cursor: str | None = None
    group_ids: Numbers | None = None
    saved_after: Annotated[Moment | None, Field(alias="savedAfter")] = None
    saved_before: Annotated[Moment | None, Field(alias="savedBefore")] = None

    source_id: Annotated[str | None, Field(alias="sourceID")] = None
    rejected: Annotated[Names, Field(alias="rejectedSourceIDs")] = ()
    ra: Real | None = None
    dec: Real | None = None
    radius: Annotated[float | None, Field(ge=0, le=180, allow_inf_nan=False)] = None
    min_redshift: Annotated[Real | None, Field(alias="minRedshift")] = None
    max_redshift: Annotated[Real | None, Field(alias="maxRedshift")] = None
    has_redshift: Annotated[Flag, Field(alias="hasRedshift")] = False
    has_tns_name: Annotated[Flag, Field(alias="hasTNSname")] = False
    has_no_tns_name: Annotated[Flag, Field(alias="hasNoTNSname")] = False
    alias: str | None = None
    origin: str | None = None
    saved_by_current_user: Annotated[Flag, Field(alias="savedByCurrentUser")] = False
    changed_after: Annotated[Moment | None, Field(alias="createdOrModifiedAfter")] = None

    classifications: Names = ()
    all_classifications: Annotated[Flag, Field(alias="classifications_simul")] = False
    nonclassifications: Names = ()
    classified: Flag = False
    unclassified: Flag = False

    newest_analysis: Annotated[
        tuple[NewestAnalysis, ...],
        BeforeValidator(listed),
        Field(
            alias="newestAnalysis",
            description="state of the newest analysis that the caller may read, or none; several separated by commas",
        ),
    ] = ()

    @property
    def by_classification(self) -> bool:
        """Whether classifications decide."""
        return bool(self.classifications or self.nonclassifications or self.classified or self.unclassified)

    @property
    def by_source(self) -> bool:
        """Whether anything decides that the list of a group's sources does not hold."""
        paging = {"page_number", "num_per_page", "cursor", "group_ids", "saved_after", "saved_before"}
        given = self.model_dump(exclude={*paging, "source_id", "rejected"}, exclude_defaults=True)
        return bool(given)


def check_query(query: SourceQuery, given: Any) -> None:  # noqa: ANN401 - the names in the query
    """Refuse what cannot be answered.

    Raises
    ------
    BadRequest
        An incomplete cone, a page after the tenth, or a filter that is not supported.
    """
    if unsupported := sorted(_NOT_SUPPORTED & set(given)):
        raise BadRequest(f"Not supported here: {', '.join(unsupported)}.")
    if len({value is None for value in (query.ra, query.dec, query.radius)}) > 1:
        raise BadRequest("`ra`, `dec` and `radius` must be given together.")
    if query.cursor is None and query.page_number > NUMBERED_PAGES:
        raise BadRequest(
            f'Pages after number {NUMBERED_PAGES} are reached through the `Link` header with rel="next", page by page.'
        )
