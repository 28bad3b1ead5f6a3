"""What describes a default analysis on the wire: section 6 of the wire contract."""

import json
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from chalicelib.http import parsing, reading
from chalicelib.http.errors import BadRequest
from chalicelib.services.body import Changes, GroupId, GroupIds, Name, without_nulls

MAX_DAILY_LIMIT = 1000
MAX_CLASSIFICATIONS = 40
"""Each takes an item of the transaction, and a change may replace all."""


Probability = Annotated[
    float,
    Field(ge=0, le=1, allow_inf_nan=False),
    BeforeValidator(lambda given: 0.0 if given is None else given, json_schema_input_type=float | None),
]


class ClassificationFilter(BaseModel):
    """A class, and the probability from which on it counts; 0, as without one, counts every classification."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name
    probability: Probability = 0.0


class SourceFilter(BaseModel):
    """The events that start a default analysis: a classification, or saving to a group."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    classifications: Annotated[list[ClassificationFilter], Field(max_length=MAX_CLASSIFICATIONS)] | None = None
    group_id: GroupId | None = None

    @field_validator("classifications")
    @classmethod
    def _given(cls, rules: list[ClassificationFilter] | None) -> list[ClassificationFilter] | None:
        return rules or None

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if self.classifications is not None and self.group_id is not None:
            raise ValueError("give either classifications or group_id")
        return self


class DefaultFields(BaseModel):
    """A default analysis; null stands for a field's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    default_analysis_parameters: dict[str, Any] = {}
    source_filter: SourceFilter = SourceFilter()
    daily_limit: int = Field(default=10, ge=1, le=MAX_DAILY_LIMIT, description="runs per UTC day")
    show_parameters: bool = True
    show_plots: bool = True
    show_corner: bool = True
    group_ids: GroupIds = Field(default=None, description="by default all of the caller's groups")

    @model_validator(mode="before")
    @classmethod
    def _with_the_messages_of_the_contract(cls, values: Any) -> Any:  # noqa: ANN401 - anything may arrive
        if not isinstance(values, Mapping):
            return values
        given = without_nulls(values, cls.model_fields)
        for name, check in _CHECKS.items():
            if name in given:
                given[name] = check(given[name])
        return given


class DefaultChanges(Changes):
    """Any subset of a default's fields."""

    changed = DefaultFields


def parsed(values: Mapping[str, Any]) -> DefaultFields:
    """Check a whole default analysis; raise BadRequest."""
    return parsing.validated(DefaultFields, values)


def _daily_limit(given: object) -> int:
    text = str(given)
    if isinstance(given, bool) or not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MAX_DAILY_LIMIT):
        raise BadRequest(f"Invalid daily_limit: {text[:100]}. Must be between 1 and {MAX_DAILY_LIMIT}")
    return int(text)


def _source_filter(given: object) -> SourceFilter:
    try:
        return SourceFilter.model_validate(_object("source_filter", given))
    except ValidationError as error:
        raise BadRequest(f"Invalid source_filter: {json.dumps(parsing.reasons(error))}") from None


def _parameters(given: object) -> dict[str, Any]:
    return _object("default_analysis_parameters", given)


def _object(name: str, given: object) -> dict[str, Any]:
    """Return an object; SkyPortal's clients also send it as JSON text."""
    if isinstance(given, str):
        try:
            given = reading.json_object(given.encode())
        except (BadRequest, UnicodeEncodeError):
            raise BadRequest(f"Invalid {name}: it cannot be parsed as JSON.") from None
    if not isinstance(given, dict):
        raise BadRequest(f"Invalid {name}: it must be a JSON object.")
    return given


_CHECKS = {
    "default_analysis_parameters": _parameters,
    "source_filter": _source_filter,
    "daily_limit": _daily_limit,
}
