"""The vector of a text, from any server that speaks OpenAI's embeddings API."""

from array import array
from http import HTTPStatus

from pydantic import BaseModel, Field, ValidationError

from chalicelib.http.logs import Expected
from chalicelib.settings import settings
from chalicelib.site_secrets import site_secret
from chalicelib.summary_search.pack import normalized

MOST_CHARACTERS = 10_000
"""Of a text: about 2500 tokens, of 8191 that OpenAI's models read."""
_MOST_DIMENSIONS = 4096
_SECONDS = (5.0, 15.0)

NO_KEY = (
    "No API key for embeddings is set, so that summaries cannot be searched: ask your administrator to set the site's "
    "(SIDEROSTAT_EMBEDDING_API_KEY or SIDEROSTAT_OPENAI_API_KEY)."
)


class NoKey(Exception):
    """The site has no key."""


class EmbeddingFailed(Expected):
    """There is no vector; the message says why, never with the key. `is_lasting` if trying again does not help."""

    def __init__(self, message: str, *, is_lasting: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.is_lasting = is_lasting


class _Vector(BaseModel):
    embedding: list[float] = Field(min_length=1, max_length=_MOST_DIMENSIONS)


class _Answer(BaseModel):
    data: list[_Vector] = Field(min_length=1)


def has_key() -> bool:
    """Say whether the site has a key."""
    return _key() is not None


def vector_of(text: str) -> "array[float]":
    """Return the vector of a text, of length 1.

    Raises
    ------
    NoKey
        The site has none.
    EmbeddingFailed
        The server says no, or nothing, or what is no vector.
    """
    import requests  # noqa: PLC0415 - most requests call nobody

    key = _key()
    if key is None:
        raise NoKey
    try:
        answer = requests.post(
            f"{settings().openai_base_url.rstrip('/')}/embeddings",
            json={"model": settings().embedding_model, "input": text[:MOST_CHARACTERS], "encoding_format": "float"},
            headers={"Authorization": f"Bearer {key}"},
            timeout=_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException:
        raise EmbeddingFailed("The server of the embedding model could not be reached. Try again later.") from None
    if answer.status_code != HTTPStatus.OK:
        raise _refusal(answer.status_code)
    try:
        return normalized(_Answer.model_validate_json(answer.content).data[0].embedding)
    except (ValidationError, ValueError):
        raise EmbeddingFailed(
            "The server of the embedding model did not answer as OpenAI's embeddings API does."
        ) from None


def _refusal(status: int) -> EmbeddingFailed:
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        said = "The server of the embedding model refused the site's API key: ask your administrator."
        return EmbeddingFailed(said, is_lasting=True)
    if status == HTTPStatus.NOT_FOUND:
        said = f"The server has no embedding model {settings().embedding_model!r}: ask your administrator."
        return EmbeddingFailed(said, is_lasting=True)
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return EmbeddingFailed(f"The server of the embedding model answered HTTP {status}. Try again later.")
    return EmbeddingFailed(f"The server of the embedding model refused the text with HTTP {status}.", is_lasting=True)


def _key() -> str | None:
    return site_secret(settings().embedding_api_key) or site_secret(settings().openai_api_key)
