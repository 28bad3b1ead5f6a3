"""What is asked for: as SkyPortal's clients write it."""

from typing import Annotated, Any, Self

from pydantic import Field, StringConstraints, ValidationInfo, field_validator, model_validator

from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import EMPTY_IS_NOT_GIVEN, Body, no_flag

MOST_RESULTS = 100

Redshift = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class SummaryQuery(Body):
    """A question in words, or a source whose summary others are to be like; and which sources count."""

    q: str | None = Field(default=None, max_length=10_000, description='such as "Which sources are in NGC galaxies?"')
    obj_id: str | None = Field(
        default=None, alias="objID", max_length=255, description="a source with a summary, instead of `q`"
    )
    k: int = Field(default=5, description=f"how many sources: from 1 to {MOST_RESULTS}")
    z_min: Redshift | None = None
    z_max: Redshift | None = None
    classification_types: Annotated[Annotated[list[Name], Field(max_length=100)] | None, EMPTY_IS_NOT_GIVEN] = Field(
        default=None, alias="classificationTypes"
    )

    @field_validator("q", "obj_id")
    @classmethod
    def _blank_is_not_given(cls, text: str | None, _: ValidationInfo) -> str | None:
        return (text or "").strip() or None

    @field_validator("k", mode="before")
    @classmethod
    def _default(cls, number: Any) -> Any:  # noqa: ANN401 - unchecked yet
        return 5 if number is None else no_flag(number)

    @model_validator(mode="after")
    def _checked(self) -> Self:
        if self.q is None and self.obj_id is None:
            raise BadRequest('Missing one of the required: "q" or "objID"')
        if self.q is not None and self.obj_id is not None:
            raise BadRequest('Cannot specify both "q" and "objID"')
        if not 1 <= self.k <= MOST_RESULTS:
            raise BadRequest(f"k must be 1<=k<={MOST_RESULTS}")
        if self.z_min is not None and self.z_max is not None and self.z_min > self.z_max:
            raise BadRequest("z_min must be <= z_max")
        return self

    def has_redshift(self, redshift: float | None) -> bool:
        """Say whether a redshift is asked for; an unknown one is not, where there is a bound."""
        if self.z_min is None and self.z_max is None:
            return True
        if redshift is None:
            return False
        return (self.z_min is None or redshift >= self.z_min) and (self.z_max is None or redshift <= self.z_max)
