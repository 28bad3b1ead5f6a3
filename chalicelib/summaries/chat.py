"""The language model, through OpenAI's chat API; the only module that uses the `openai` package."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import openai
from pydantic import BaseModel, Field, ValidationError

from chalicelib.settings import settings
from chalicelib.summaries.chat_failures import failure_of
from chalicelib.summaries.failures import SummaryFailed
from chalicelib.summaries.prompt import Prompt

SAMPLING = ("temperature", "max_tokens", "top_p", "frequency_penalty", "presence_penalty")
"""The parameters that a model may refuse; the call is then repeated without them."""

_NEWER_NAMES = {"max_tokens": "max_completion_tokens"}
"""Reasoning models know the limit under another name."""


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Answer(BaseModel):
    """What we read of an answer."""

    choices: list[_Choice] = Field(min_length=1)
    model: str | None = None


@dataclass(frozen=True, slots=True)
class Completion:
    """What a language model wrote."""

    text: str
    model: str
    dropped: tuple[str, ...]
    """Parameters that the model did not take."""


def complete(prompt: Prompt, parameters: Mapping[str, Any], api_key: str, seconds: float) -> Completion:
    """Ask a language model.

    Parameters
    ----------
    prompt : Prompt
        The messages.
    parameters : mapping
        Named as in `ModelParameters`; the model, and how it samples.
    api_key : str
        Never part of a message.
    seconds : float
        For all calls together.

    Raises
    ------
    TryLater
        A rate limit, a failure of the server, or no connection.
    SummaryFailed
        Everything else: the message says what to do.
    """
    arguments = {name: parameters[name] for name in SAMPLING if name in parameters}
    deadline = time.monotonic() + seconds
    dropped: tuple[str, ...] = ()
    client = openai.OpenAI(
        api_key=api_key, base_url=settings().openai_base_url, max_retries=0, http_client=_connections()
    )
    while True:
        try:
            answer = client.chat.completions.with_raw_response.create(
                model=parameters["model"],
                messages=[{"role": "system", "content": prompt.system}, {"role": "user", "content": prompt.user}],
                timeout=max(deadline - time.monotonic(), 0.1),
                **arguments,
            )
        except openai.OpenAIError as error:
            refused = _refused(error, arguments)
            if refused is None:
                raise failure_of(error, parameters["model"], seconds) from None
            value = arguments.pop(refused)
            if refused in _NEWER_NAMES and _NEWER_NAMES[refused] in str(error):
                arguments[_NEWER_NAMES[refused]] = value
            else:
                dropped = (*dropped, refused)
            continue
        read = _read(answer.content)
        return Completion(_text(read), read.model or parameters["model"], dropped)


@cache
def _connections() -> openai.DefaultHttpxClient:
    """Return the connections of this process: reading the certificates takes a tenth of a second."""
    return openai.DefaultHttpxClient()


def _refused(error: openai.OpenAIError, arguments: Mapping[str, Any]) -> str | None:
    """Return the argument that a server does not take, None if the failure is another.

    OpenAI names it in `param`; other servers only in their message.
    """
    if not isinstance(error, openai.BadRequestError | openai.UnprocessableEntityError):
        return None
    if error.param:
        return error.param if error.param in arguments else None
    text = json.dumps(error.body, default=str)
    return next((name for name in arguments if re.search(rf"\b{name}\b", text)), None)


def _read(content: bytes) -> _Answer:
    """Read an answer; the package itself hands on whatever a server sends."""
    try:
        return _Answer.model_validate_json(content)
    except ValidationError:
        raise SummaryFailed("The language model's server did not answer as OpenAI's chat API does.") from None


def _text(answer: _Answer) -> str:
    """Return the text of an answer; raise SummaryFailed if there is none."""
    choice = answer.choices[0]
    if choice.message.refusal:
        raise SummaryFailed(f"The language model refused to write a summary: {choice.message.refusal[:300]}")
    text = (choice.message.content or "").strip()
    if text:
        return text
    reasons = {
        "length": "it used up max_tokens before it wrote anything; allow more of them",
        "content_filter": "its content filter withheld it",
    }
    reason = reasons.get(choice.finish_reason or "", "try again, or use another model or prompt")
    raise SummaryFailed(f"The language model gave an empty answer: {reason}.")
