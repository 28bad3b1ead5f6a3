"""What sources and their data answer, as SkyPortal's clients read it."""

from typing import Any

from pydantic import Field

from chalicelib.accounts.answers import Group, User
from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time
from chalicelib.sources.phot_stats.answer import PhotStat
from chalicelib.sources.photometry.record import System
from chalicelib.sources.records.facilities import InstrumentPost, TelescopePost
from chalicelib.sources.source.body import SourceColumns

_Number = float | None


class SavedGroup(Group):
    """A group that a source is saved to, and since when."""

    active: bool
    requested: bool
    saved_at: Time
    saved_by: User | None = None


class RedshiftEntry(Record):
    """Who set which redshift; times with their offset."""

    set_by_user_id: Id
    set_at_utc: str
    value: _Number
    uncertainty: _Number
    origin: str | None


class SummaryEntry(Record):
    """Who, or which analysis, set which summary; times with their offset."""

    set_by_user_id: Id
    set_at_utc: str
    summary: str | None
    is_bot: bool
    analysis_id: Id | None


class _Shared(Record):
    """Data that belongs to a source and is shared with groups."""

    id: Id
    created_at: Time
    obj_id: str


class Annotation(_Shared):
    """Values by name, one annotation of each origin."""

    modified: Time
    origin: str
    data: dict[str, Any]
    author_id: Id
    author: User | None
    groups: list[Group]
    type: str


class Vote(Record):
    """Who stands by a classification."""

    id: Id
    created_at: Time
    modified: Time
    classification_id: Id
    voter_id: Id
    vote: int


class Classification(_Shared):
    """A class of a taxonomy."""

    modified: Time
    classification: str
    taxonomy_id: Id
    probability: _Number
    origin: str | None
    ml: bool
    author_name: str
    author_id: Id
    author: User | None
    groups: list[Group]
    edits: list[Any] = Field(max_length=0)
    votes: list[Vote] = Field(max_length=1, description="the author's")


class Comment(_Shared):
    """What somebody said about a source."""

    modified: Time
    text: str
    origin: str | None
    bot: bool
    system: bool
    channel: str | None
    attachment_name: str | None
    author_id: Id
    author: User | None
    groups: list[Group]
    resource_type: str = Field(alias="resourceType")


class ShortGroup(Record):
    """A group in short."""

    id: Id
    name: str
    nickname: str | None
    single_user_group: bool


class PhotometryPoint(_Shared):
    """One point; which of magnitudes and fluxes it has says `format`."""

    ra: _Number
    dec: _Number
    ra_unc: _Number
    dec_unc: _Number
    filter: str
    mjd: float
    snr: _Number
    instrument_id: Id
    instrument_name: str | None
    origin: str | None
    altdata: dict[str, Any] | None
    groups: list[ShortGroup]
    magsys: System
    mag: _Number = None
    magerr: _Number = None
    limiting_mag: _Number = None
    flux: _Number = None
    fluxerr: _Number = None
    zp: _Number = None
    owner: User | None = None


class ShortInstrument(Record):
    """The instrument of a spectrum."""

    id: Id
    created_at: Time
    modified: Time
    name: str
    type: str | None
    band: str | None
    telescope_id: Id
    filters: list[str]
    api_classname: str | None
    api_classname_obsplan: str | None
    listener_classname: str | None


class Spectrum(_Shared):
    """A spectrum; what is not finite is null."""

    modified: Time
    observed_at: Time
    observed_at_mjd: float
    wavelengths: list[float]
    fluxes: list[_Number]
    errors: list[_Number] | None
    altdata: dict[str, Any] | None
    units: str | None
    origin: str | None
    type: str
    label: str | None
    instrument_id: Id
    instrument: ShortInstrument | None
    instrument_name: str | None
    telescope_id: Id
    telescope_name: str | None
    owner_id: Id
    owner: User | None
    groups: list[Group]
    followup_request_id: None
    assignment_id: None
    original_file_filename: None
    annotations: list[Any] = Field(max_length=0)
    comments: list[Any] = Field(max_length=0)
    pis: list[Any] = Field(max_length=0)
    reducers: list[Any] = Field(max_length=0)
    observers: list[Any] = Field(max_length=0)
    external_pi: str | None = None
    external_reducer: str | None = None
    external_observer: str | None = None


class Spectra(Record):
    """The spectra of a source."""

    obj_id: str
    spectra: list[Spectrum]


class Duplicate(Record):
    """Another source within four arc seconds."""

    obj_id: str
    ra: float
    dec: float
    separation: float = Field(description="arc seconds", ge=0)


class Source(Record, SourceColumns):
    """A source, in lists and alone; what was not asked for is missing."""

    id: str
    created_at: Time
    modified: Time
    ra: float
    dec: float
    gal_lon: float
    gal_lat: float
    healpix: int = Field(description="nested, at level 29", ge=0)
    internal_key: str
    luminosity_distance: _Number = Field(description="Mpc")
    angular_diameter_distance: _Number = Field(description="Mpc")
    dm: _Number = Field(description="distance modulus")
    redshift: _Number
    redshift_error: _Number
    redshift_origin: str | None
    redshift_history: list[RedshiftEntry]
    summary: str | None
    summary_history: list[SummaryEntry]
    altdata: dict[str, Any] | None
    groups: list[SavedGroup]
    tags: list[Any] = Field(max_length=0)
    ebv: _Number = Field(default=None, description="E(B-V) in magnitudes; only of a single source")
    assignments: list[Any] | None = Field(default=None, max_length=0)
    followup_requests: list[Any] | None = Field(default=None, max_length=0)
    associated_objs: list[Any] | None = Field(default=None, max_length=0)
    galaxies: None = None
    duplicates: list[Duplicate] | None = Field(default=None, description="only of a single source, nearest first")
    annotations: list[Annotation] | None = None
    classifications: list[Classification] | None = None
    photometry: list[PhotometryPoint] | None = None
    comments: list[Comment] | None = None
    photstats: list[PhotStat] | None = None
    photometry_exists: bool | None = None
    spectrum_exists: bool | None = None
    comment_exists: bool | None = None
    analyses: list[Any] | None = Field(default=None, description="as in the list of an object's analyses")


class SourcesPage(Record):
    """One page of sources."""

    sources: list[Source]
    total_matches: int = Field(alias="totalMatches", ge=0)
    page_number: int = Field(alias="pageNumber", ge=1)
    num_per_page: int = Field(alias="numPerPage", ge=1)


class Telescope(Record, TelescopePost):
    """A telescope; degrees and metres."""

    id: Id
    created_at: Time
    modified: Time


class Instrument(Record, InstrumentPost):
    """An instrument and where it is."""

    id: Id
    created_at: Time
    modified: Time
    telescope: Telescope | None


class Taxonomy(Record):
    """A tree of classes."""

    id: Id
    created_at: Time
    modified: Time
    name: str
    version: str
    provenance: str | None
    is_latest: bool = Field(alias="isLatest")
    hierarchy: dict[str, Any]
    groups: list[Group]


class SavedSource(Record):
    """Where a source was saved."""

    id: str
    saved_to_groups: list[Id]


class UploadedPhotometry(Record):
    """The points' ids, in the order of the rows."""

    ids: list[Id]
    upload_id: str


class NewComment(Record):
    """The comment's id."""

    comment_id: Id


class NewAnnotation(Record):
    """The annotation's id."""

    annotation_id: Id


class NewClassification(Record):
    """The classification's id."""

    classification_id: Id


class NewClassifications(Record):
    """The classifications' ids, in order."""

    classification_ids: list[Id]


class NewTaxonomy(Record):
    """The taxonomy's id."""

    taxonomy_id: Id
