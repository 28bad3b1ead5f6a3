"""What services and default analyses answer, as SkyPortal's clients read it."""

from typing import Any, Literal

from pydantic import Field

from chalicelib.accounts.answers import Group, User
from chalicelib.http.parsing import Id
from chalicelib.http.record import Record, Time
from chalicelib.services.body import AnalysisType, AuthenticationType, InputType


class Service(Record):
    """An analysis service; its declared parameters are JSON text here and an object in lists."""

    id: Id
    created_at: Time
    modified: Time
    name: str
    display_name: str
    description: str | None
    version: str | None
    contact_name: str | None
    contact_email: str | None
    url: str
    optional_analysis_parameters: dict[str, Any] | str
    authentication_type: AuthenticationType
    enabled: bool
    analysis_type: AnalysisType
    input_data_types: list[InputType]
    timeout: float
    upload_only: bool
    is_summary: bool
    display_on_resource_dropdown: bool
    groups: list[Group]


class FormField(Record):
    """A parameter that a service declares."""

    name: str
    kind: Literal["choice", "boolean", "number", "text", "file"]
    label: str
    required: bool
    choices: list[str | bool | float] | None = Field(
        default=None, description="of a choice; of a switch declared by two texts: what it is sent as"
    )
    default: str | bool | float | None = None
    description: str | None = None
    min: float | None = None
    max: float | None = None
    step: float | None = None


class Form(Record):
    """What can be filled in when an analysis is started; keys without a value are left out."""

    fields: list[FormField] = Field(description="in the order of the declaration")


class Warned(Record):
    """Something that must not be overheard and is sent unencrypted, because the service has a plain http:// URL."""

    about: Literal["credentials", "signing_secret", "llm_key"]
    text: str


class Warnings(Record):
    """What is to be said about a service that its record has no place for."""

    warnings: list[Warned]


class Limits(Record):
    """How many analyses a service is sent at a time."""

    max_in_flight: int | None = Field(description="null is no limit")


class Trust(Record):
    """Whether users' LLM keys may be handed to a service."""

    trusted: bool


class Ping(Record):
    """What came back when a service was called by GET."""

    answered: bool = Field(description="whether any HTTP answer came")
    active: bool = Field(description="whether it was a 2xx")
    http_status: int | None
    milliseconds: int
    message: str = Field(description="the beginning of the answer, or why there is none")
    warnings: list[Warned]


class DefaultStats(Record):
    """How often a default analysis ran this UTC day."""

    daily_limit: int
    daily_count: int
    last_run: Time | None


class DefaultAnalysis(Record):
    """What is started whenever something happens to a source."""

    id: Id
    created_at: Time
    modified: Time
    analysis_service_id: Id
    author_id: Id
    show_parameters: bool
    show_plots: bool
    show_corner: bool
    default_analysis_parameters: dict[str, Any]
    source_filter: dict[str, Any]
    stats: DefaultStats
    groups: list[Group]
    author: User | None
    analysis_service: Service
