"""Failures of the chat API as sentences for the person who asked: never with the key, nor a part of it."""

import re

import openai

from chalicelib.outgoing.retry_after import seconds_of
from chalicelib.summaries.failures import SummaryFailed, TryLater

_LONGEST_QUOTE = 300
_LIKE_A_KEY = re.compile(r"\b(?:sk|key)-\S+", re.IGNORECASE)


def failure_of(error: openai.OpenAIError, model: str, seconds: float) -> SummaryFailed:
    """Say what a failure means.

    Only what a server says of a request is quoted: what it says of a key repeats parts of the key.
    """
    if isinstance(error, openai.APITimeoutError):
        return SummaryFailed(f"The language model gave no answer within {seconds:.0f} s.")
    if isinstance(error, openai.APIConnectionError):
        return TryLater("The language model's server could not be reached.")
    if isinstance(error, openai.APIStatusError):
        return _status_failure(error, model)
    return SummaryFailed("The language model's server did not answer as OpenAI's chat API does.")


def _status_failure(error: openai.APIStatusError, model: str) -> SummaryFailed:
    wait = seconds_of(error.response.headers.get("retry-after"))
    match error:
        case openai.RateLimitError() if error.code != "insufficient_quota":
            return TryLater("The rate limit of the API key is reached.", wait)
        case openai.InternalServerError():
            return TryLater(f"The language model's server failed with HTTP {error.status_code}.", wait)
    return SummaryFailed(_lasting(error, model))


def _lasting(error: openai.APIStatusError, model: str) -> str:
    match error:
        case openai.AuthenticationError():
            message = (
                "The language model's server refused the API key. Check the one in your preferences "
                "(summary.OpenAI.apikey), or ask your administrator about the site's."
            )
        case openai.PermissionDeniedError():
            message = f"The API key does not permit the use of the language model {model!r}."
        case openai.NotFoundError():
            message = f"The language model {model!r} does not exist, or the API key does not permit its use."
        case openai.RateLimitError():
            message = "The account of the API key has used up its quota at the language model's provider."
        case _:
            message = f"The language model's server refused the request with HTTP {error.status_code}: {_quoted(error)}"
    return message


def _quoted(error: openai.APIStatusError) -> str:
    said = error.body.get("message") if isinstance(error.body, dict) else None
    text = " ".join(str(said or error.message).split())
    return _LIKE_A_KEY.sub("[secret]", text)[:_LONGEST_QUOTE]
