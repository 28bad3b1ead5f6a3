"""What arrives, as models of bodies and queries; `reading` comes before."""

import json
import re
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue

from chalicelib.http.errors import BadRequest
from chalicelib.http.reading import LARGEST_ID

_FIELD = re.compile(r"\w+")
"""Not the names that pydantic gives to validators and members of unions."""

_TRUE_WORDS = {"true", "yes", "t", "1"}

ModelT = TypeVar("ModelT", bound=BaseModel)


def _flag(value: object) -> bool:
    return str(value).strip().lower() in _TRUE_WORDS


Flag = Annotated[bool, BeforeValidator(_flag)]
"""A boolean of the query: `true`, `yes`, `t` or `1` in any case; everything else is false."""


def listed(text: object) -> object:
    """Split what a query names at its commas; blanks do not count."""
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


def no_flag(value: object) -> object:
    """Return a number as it came; raise ValueError for true and false, which Python counts among the integers."""
    if isinstance(value, bool):
        raise ValueError("must be a whole number, not true or false")  # noqa: TRY004 - pydantic catches ValueError
    return value


Id = Annotated[int, Field(ge=0, le=LARGEST_ID), BeforeValidator(no_flag)]
"""The id of a record in a body or a query."""


def _spelled_out(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ValueError("must be text, or a whole number without point and exponent")
    return str(value)


ObjectName = Annotated[
    str, BeforeValidator(_spelled_out), WithJsonSchema({"type": ["string", "integer"], "minimum": 0})
]
"""The id of an object in a body: text, also where it comes as a JSON number, as Rubin's 18 digits do."""

EMPTY_IS_NOT_GIVEN = AfterValidator(lambda values: values or None)
"""For a list of a body: an empty one means the default, as if it were not there."""


def _without_blanks(value: object) -> object:
    if not isinstance(value, list | tuple):
        return value
    return [item for item in value if not (isinstance(item, str) and not item.strip())]


WithoutBlanks = BeforeValidator(_without_blanks)
"""Annotates a list of names: what is empty or white space is none."""


class Query(BaseModel):
    """Base of query models: fields are named by their aliases, unknown parameters are ignored.

    A model is built when it is first needed: a request needs one or two, its path may have a dozen.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Body(BaseModel):
    """Base of body models: unknown keys are ignored unless a model forbids them. Built when first needed."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


def schema_of_changes(model: type[BaseModel], handler: GetJsonSchemaHandler) -> JsonSchemaValue:
    """Return the schema of any subset of a model's fields."""
    whole = handler.resolve_ref_schema(handler(model.__pydantic_core_schema__))
    return {name: value for name, value in whole.items() if name not in {"required", "title", "description"}}


def validated(model: type[ModelT], values: Mapping[str, Any]) -> ModelT:
    """Check values against a model.

    Raises
    ------
    BadRequest
        "Invalid/missing parameters: {…}", the reasons by field.
    """
    try:
        return model.model_validate(dict(values))
    except ValidationError as error:
        raise BadRequest(f"Invalid/missing parameters: {json.dumps(reasons(error))}") from None


def reasons(error: ValidationError) -> dict[str, list[str]]:
    """Sort a validation error's sentences by field, without the values: they may be secret."""
    found: dict[str, list[str]] = {}
    for detail in error.errors(include_url=False, include_input=False):
        place = ".".join(str(part) for part in detail["loc"] if _FIELD.fullmatch(str(part))) or "body"
        found.setdefault(place, []).append(detail["msg"].removeprefix("Value error, "))
    return found
