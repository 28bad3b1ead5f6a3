"""How a language model is asked for a summary, with the ranges that OpenAI's chat API accepts."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

MAX_KEY_CHARACTERS = 1000

Penalty = Annotated[float, Field(ge=-2, le=2)]


class ModelParameters(BaseModel):
    """A model, what it is asked to do, and how it samples; what is None is left to others to decide."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    model: Annotated[str, Field(max_length=200)] | None = None
    prompt: Annotated[str, Field(max_length=20_000)] | None = None
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    max_tokens: Annotated[int, Field(gt=0)] | None = None
    top_p: Annotated[float, Field(ge=0, le=1)] | None = None
    frequency_penalty: Penalty | None = None
    presence_penalty: Penalty | None = None
