"""A single source with what was asked for beside it."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.http.parsing import Flag, Query
from chalicelib.sources.includes import INCLUDES
from chalicelib.sources.phot_stats.stored import stat_record
from chalicelib.sources.photometry.record import photometry_records, without_duplicates
from chalicelib.sources.photometry.reddening import known_reddening
from chalicelib.sources.read.duplicates import duplicates
from chalicelib.sources.read.source_record import remark_records, source_record
from chalicelib.sources.records.comments import comment_record
from chalicelib.sources.source.partition import SourceData, data_of
from chalicelib.sources.source.people import remember_people
from chalicelib.sources.source.remarks import Remark


class DetailQuery(Query):
    """What is wanted beside the source."""

    photometry: Annotated[Flag, Field(alias="includePhotometry")] = False
    deduplicate: Annotated[Flag, Field(alias="deduplicatePhotometry")] = False
    comments: Annotated[Flag, Field(alias="includeComments")] = False
    statistics: Annotated[Flag, Field(alias="includeDetectionStats")] = False
    photometry_exists: Annotated[Flag, Field(alias="includePhotometryExists")] = False
    spectrum_exists: Annotated[Flag, Field(alias="includeSpectrumExists")] = False
    comment_exists: Annotated[Flag, Field(alias="includeCommentExists")] = False
    analyses: Annotated[Flag, Field(alias="includeAnalyses")] = False

    @property
    def included(self) -> list[str]:
        """The names of `INCLUDES` that are wanted."""
        return [name for name in sorted(INCLUDES) if getattr(self, name)]


_NOT_HERE: dict[str, Any] = {"assignments": [], "followup_requests": [], "associated_objs": [], "galaxies": None}
"""What SkyPortal knows of a source and we do not."""


def source_detail(caller: Caller, obj_id: str, query: DetailQuery) -> dict[str, Any]:
    """Return a source with annotations, classifications and what the query asks for.

    Raises
    ------
    NotFound
        "Source not found".
    """
    data = data_of(caller, obj_id, _kinds(query))
    remarks: tuple[Remark, ...] = (*data.annotations, *data.classifications)
    remember_people((*remarks, *data.comments))
    return {
        **source_record(data.source, caller),
        **remark_records(remarks),
        "ebv": known_reddening(data.source),
        "duplicates": duplicates(caller, data.source),
        **_NOT_HERE,
        **_data(data, query),
        **({"photstats": [stat_record(obj_id)]} if query.statistics else {}),
        **{name: INCLUDES[name](caller, obj_id) for name in query.included},
    }


def _kinds(query: DetailQuery) -> set[str]:
    wanted = {
        "annotations": True,
        "classifications": True,
        "photometry": query.photometry or query.photometry_exists,
        "spectra": query.spectrum_exists,
        "comments": query.comments or query.comment_exists,
    }
    return {kind for kind, is_wanted in wanted.items() if is_wanted}


def _data(data: SourceData, query: DetailQuery) -> dict[str, Any]:
    points = without_duplicates(data.photometry) if query.deduplicate else data.photometry
    return {
        **({"photometry": photometry_records(points)} if query.photometry else {}),
        **({"comments": [comment_record(item) for item in data.comments]} if query.comments else {}),
        **({"photometry_exists": bool(data.photometry)} if query.photometry_exists else {}),
        **({"spectrum_exists": bool(data.spectra)} if query.spectrum_exists else {}),
        **({"comment_exists": bool(data.comments)} if query.comment_exists else {}),
    }
