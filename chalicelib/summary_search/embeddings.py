"""The vector of a text, from any server that speaks OpenAI's embeddings API."""

from array import array
from enum import StrEnum
from http import HTTPStatus

from pydantic import BaseModel, Field, ValidationError

from chalicelib.http.logs import Expected
from chalicelib.settings import settings
from chalicelib.summary_search.keys import Key
from chalicelib.summary_search.pack import normalized

MOST_CHARACTERS = 10_000
"""Of a text: about 2500 tokens, of 8191 that OpenAI's models read."""
_MOST_DIMENSIONS = 4096
_SECONDS = (5.0, 15.0)


class Fault(StrEnum):
    """What it lies at that there is no vector."""

    TEXT = "text"
    OWN_KEY = "own key"
    SERVER = "server"
    """Or the site's key: no other text would fare better."""


class EmbeddingFailed(Expected):
    """There is no vector; the message says why, never with the key. `is_lasting` if trying again does not help."""

    def __init__(self, message: str, *, is_lasting: bool = False, fault: Fault = Fault.SERVER) -> None:
        super().__init__(message)
        self.message = message
        self.is_lasting = is_lasting
        self.fault = fault


class _Vector(BaseModel):
    embedding: list[float] = Field(min_length=1, max_length=_MOST_DIMENSIONS)


class _Answer(BaseModel):
    data: list[_Vector] = Field(min_length=1)


def vector_of(text: str, key: Key) -> "array[float]":
    """Return the vector of a text, of length 1.

    Raises
    ------
    EmbeddingFailed
        The server says no, or nothing, or what is no vector.
    """
    import requests  # noqa: PLC0415 - most requests call nobody

    if not (key.text.isascii() and key.text.isprintable()):  # no header can carry it
        raise _refusal(HTTPStatus.UNAUTHORIZED, key)
    try:
        answer = requests.post(
            f"{settings().openai_base_url.rstrip('/')}/embeddings",
            json={"model": settings().embedding_model, "input": text[:MOST_CHARACTERS], "encoding_format": "float"},
            headers={"Authorization": f"Bearer {key.text}"},
            timeout=_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise EmbeddingFailed("The server of the embedding model could not be reached. Try again later.") from None
    if answer.status_code != HTTPStatus.OK:
        raise _refusal(answer.status_code, key)
    try:
        return normalized(_Answer.model_validate_json(answer.content).data[0].embedding)
    except (ValidationError, ValueError):
        raise EmbeddingFailed(
            "The server of the embedding model did not answer as OpenAI's embeddings API does."
        ) from None


def _refusal(status: int, key: Key) -> EmbeddingFailed:
    of_key = Fault.OWN_KEY if key.is_own else Fault.SERVER
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        said = f"The server of the embedding model refused {key.whose}."
        return EmbeddingFailed(said, is_lasting=True, fault=of_key)
    if status == HTTPStatus.NOT_FOUND:
        said = f"The server has no embedding model {settings().embedding_model!r} for {key.whose}."
        return EmbeddingFailed(said, is_lasting=True, fault=of_key)
    said = f"The server of the embedding model answered HTTP {status}. Try again later."
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return EmbeddingFailed(said, fault=of_key)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return EmbeddingFailed(said)
    said = f"The server of the embedding model refused the text with HTTP {status}."
    return EmbeddingFailed(said, is_lasting=True, fault=Fault.TEXT)
