"""What describes an analysis service on the wire, checked the same way when it is registered and when it is changed."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any, ClassVar, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    RootModel,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from chalicelib.accounts.enumerations import declare
from chalicelib.http import parsing
from chalicelib.http.errors import BadRequest
from chalicelib.outgoing.addresses import check_url
from chalicelib.services import authinfo
from chalicelib.services.parameters import text_of

AnalysisType = Literal["lightcurve_fitting", "spectrum_fitting", "meta_analysis"]
InputType = Literal["photometry", "spectra", "redshift", "annotations", "comments", "classifications"]
AuthenticationType = Literal["none", "header_token", "api_key", "HTTPBasicAuth", "HTTPDigestAuth", "OAuth1"]

AUTHENTICATION_TYPES: tuple[str, ...] = get_args(AuthenticationType)

declare("ANALYSIS_TYPES", get_args(AnalysisType))
declare("ANALYSIS_INPUT_TYPES", get_args(InputType))
declare("AUTHENTICATION_TYPES", AUTHENTICATION_TYPES)

DEFAULT_TIMEOUT = 3600.0
MAX_TIMEOUT = 7 * 86_400.0

STORED: Final = object()
"""Stands for `_authinfo` in a change that leaves the stored credentials alone."""

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Line = Annotated[str, StringConstraints(max_length=320)]
Text = Annotated[str, StringConstraints(max_length=10_000)]
InputTypes = Annotated[list[InputType], parsing.WithoutBlanks, AfterValidator(lambda types: list(dict.fromkeys(types)))]
GroupId = Annotated[int, Field(ge=1, lt=2**53)]
GroupIds = Annotated[list[GroupId] | None, parsing.EMPTY_IS_NOT_GIVEN]


class ServiceFields(BaseModel):
    """An analysis service; null stands for a field's default."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Name = Field(description="unique among all services")
    display_name: Name = Field(default_factory=str, description="by default the name")
    description: Text | None = None
    version: Line | None = None
    contact_name: Line | None = None
    contact_email: Line | None = None
    url: str = Field(description="https or http, to a public host; the site's settings may forbid plain http")
    optional_analysis_parameters: Annotated[str, WithJsonSchema({"type": ["string", "object"]})] = Field(
        default="{}", description="JSON text, or an object: the parameters that the service takes, with their choices"
    )
    authentication_type: AuthenticationType
    authinfo: Any = Field(
        default=None, alias="_authinfo", repr=False, description="JSON text, or an object; also called authinfo"
    )
    enabled: bool = True
    analysis_type: AnalysisType
    input_data_types: InputTypes = []
    timeout: float = Field(
        default=DEFAULT_TIMEOUT, ge=0.001, le=MAX_TIMEOUT, allow_inf_nan=False, description="seconds for an analysis"
    )
    upload_only: bool = False
    is_summary: bool = False
    display_on_resource_dropdown: bool = True
    group_ids: GroupIds = Field(default=None, description="by default all of the caller's groups")

    @model_validator(mode="before")
    @classmethod
    def _with_the_messages_of_the_contract(cls, values: Any) -> Any:  # noqa: ANN401 - anything may arrive
        if not isinstance(values, Mapping):
            return values
        given = without_nulls(values, {*cls.model_fields, "_authinfo"})
        given.update(_checked(given))
        given["display_name"] = given.get("display_name") or given.get("name")
        given.pop("authinfo", None)
        return given


class Changes(RootModel[dict[str, Any]]):
    """Any subset of the fields of a model, documented as such; checked once they are merged with what is stored."""

    model_config = ConfigDict(frozen=True)
    changed: ClassVar[type[BaseModel]]

    @classmethod
    def __get_pydantic_json_schema__(cls, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return parsing.schema_of_changes(cls.changed, handler)


class ServiceChanges(Changes):
    """Any subset of a service's fields."""

    changed = ServiceFields


COLUMNS = tuple(name for name in ServiceFields.model_fields if name not in {"authinfo", "group_ids"})
"""The fields that a service's item and its record have under the same names."""


def without_nulls(values: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Drop the known fields that are null, so that they take their defaults; an unknown one stays, to be refused."""
    return {name: value for name, value in values.items() if value is not None or name not in known}


def _checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """Check what has a message of its own, and return it as it is stored.

    Raises
    ------
    BadRequest
        In the order of section 3 of the wire contract: what is missing first, then what is wrong.
    """
    url, kind = given.get("url"), given.get("authentication_type")
    secret = given.get("_authinfo", given.get("authinfo"))
    if not url:
        raise BadRequest("`url` is required to add an Analysis Service.")
    if not kind:
        raise BadRequest("`authentication_type` is required to add an Analysis Service.")
    if kind != "none" and kind in AUTHENTICATION_TYPES and secret in (None, ""):
        raise BadRequest('`_authinfo` is required to add an Analysis Service when authentication_type is not "none".')
    check_url(url)
    parameters = text_of(given.get("optional_analysis_parameters", {}))
    if kind not in AUTHENTICATION_TYPES:
        raise BadRequest(f"`authentication_type` must be one of: {', '.join(AUTHENTICATION_TYPES)}.")
    return {"optional_analysis_parameters": parameters, "_authinfo": _checked_authinfo(kind, secret)}


def _checked_authinfo(kind: str, secret: object) -> object:
    if kind == "none":
        return None
    if secret is STORED:
        return STORED
    text = authinfo.text_of(secret)
    authinfo.parse(kind, text)
    return text


def parsed(values: Mapping[str, Any]) -> ServiceFields:
    """Check a whole service; raise BadRequest."""
    return parsing.validated(ServiceFields, values)
