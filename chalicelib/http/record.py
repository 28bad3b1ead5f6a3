"""What the models of answers have in common; they are for the documentation, which every test's answers are held to."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chalicelib.http.parsing import Id

Time = Annotated[str, Field(description="naive UTC, ISO 8601", examples=["2026-11-22T10:31:07.123456"])]


class Record(BaseModel):
    """Base of the models of answers: no other fields than these, and those without a default are always there."""

    # built when the documentation asks for them: no request does
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Nothing(Record):
    """Done; there is nothing to say."""


class NewId(Record):
    """The id of what was made or changed."""

    id: Id
