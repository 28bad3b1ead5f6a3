"""The site's settings: the only place that reads the environment.

By dataclasses: pydantic, which a request with neither body nor query can do without, takes long to import.
"""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, TypeVar

VERSION = "0.1.0"

SUMMARIZE_PATH = "/summarize"
"""Where the summarizer that we ship answers, like any analysis service."""

MAX_BODY_BYTES = 4_500_000
"""Largest body in either direction: Lambda carries 6 MB, and bodies travel as base64."""

ValueT = TypeVar("ValueT")

_FLAGS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


def _flag(text: str) -> bool:
    if text.strip().lower() not in _FLAGS:
        raise ValueError("must be true or false")
    return _FLAGS[text.strip().lower()]


def _names(text: str) -> tuple[str, ...]:
    values = json.loads(text)
    if not isinstance(values, list) or not all(isinstance(each, str) for each in values):
        raise ValueError("must be a JSON list of texts")
    return tuple(values)


def _number(read: Callable[[str], ValueT], *, zero: bool = False) -> Callable[[str], ValueT]:
    """Return a reader of numbers that are more than 0, or 0 if that may be."""

    def checked(text: str) -> ValueT:
        value = read(text)
        if not (float(text) > 0 or (zero and float(text) == 0)):
            raise ValueError("must not be negative" if zero else "must be more than 0")
        return value

    return checked


def _setting(
    variables: str, default: ValueT, description: str, read: Callable[[str], Any] = str, *, secret: bool = False
) -> ValueT:
    """Return a field that is read from the first of some variables that is set.

    Parameters
    ----------
    variables : str
        Their names, separated by blanks.
    default : object
        The value if none of them is set.
    description : str
        For docs/settings.md.
    read : callable
        From the variable's text to the value; raises ValueError for what it does not take.
    secret : bool
        Whether it is never shown.
    """

    def value() -> Any:  # noqa: ANN401 - as the field has it
        for variable in variables.split():
            if variable in os.environ:
                try:
                    return read(os.environ[variable])
                except ValueError as error:
                    raise ValueError(f"{variable}: {error}") from None
        return default

    facts = {"variables": tuple(variables.split()), "default": default, "description": description}
    made: ValueT = field(default_factory=value, repr=not secret, metadata=facts)
    return made


@dataclass(frozen=True)
class Settings:
    """What a deployment decides, read from the environment when it is made, but for what is given.

    Raises
    ------
    ValueError
        A variable's text cannot be read; the message names the variable.
    """

    prefix: str = _setting("SIDEROSTAT_PREFIX", "siderostat", "first part of the name of every AWS resource")
    public_url: str = _setting(
        "SIDEROSTAT_PUBLIC_URL",
        "http://127.0.0.1:8000",
        "where callers and services reach the API; slashes at its end do not count",
    )
    bucket: str = _setting("SIDEROSTAT_BUCKET", "siderostat-123456789012", "the default is the local stack's")
    bucket_url: str | None = _setting(
        "SIDEROSTAT_BUCKET_URL", None, "where callers and services reach the bucket, if not where AWS has it"
    )
    products_function: str = _setting(
        "SIDEROSTAT_PRODUCTS_FUNCTION", "siderostat-products", "name of the isolated products function"
    )
    periodograms_function: str = _setting(
        "SIDEROSTAT_PERIODOGRAMS_FUNCTION", "siderostat-periodograms", "name of the isolated function"
    )
    admin_token: str | None = _setting(
        "SIDEROSTAT_ADMIN_TOKEN",
        None,
        "token of the first administrator, or the ARN of the secret that holds it",
        secret=True,
    )
    public_group: str = _setting("SIDEROSTAT_PUBLIC_GROUP", "Sitewide Group", "the group that every user belongs to")
    allowed_hosts: tuple[str, ...] = _setting(
        "SIDEROSTAT_ALLOWED_HOSTS",
        (),
        "hosts of services that may be private, and reached by plain http in any case",
        _names,
    )
    https_only: bool = _setting(
        "SIDEROSTAT_HTTPS_ONLY",
        False,  # noqa: FBT003 - the default
        "refuse services at plain http:// URLs, but for the allowed hosts",
        _flag,
    )
    max_completed_analyses: int = _setting(
        "SIDEROSTAT_MAX_COMPLETED_ANALYSES", 50, "completed analyses per object and author", int
    )
    max_open_analyses: int = _setting(
        "SIDEROSTAT_MAX_OPEN_ANALYSES", 50, "analyses per object and author that have not ended", int
    )
    max_upload_bytes: int = _setting(
        "SIDEROSTAT_MAX_UPLOAD_BYTES",
        256_000_000,
        "largest result that a service may upload through upload_url",
        _number(int),
    )
    relay_wait_seconds: float = _setting(
        "SIDEROSTAT_RELAY_WAIT_SECONDS",
        5.0,
        "between our answer to another portal and its result: it writes its own state first",
        _number(float, zero=True),
    )
    relay_most_bytes: int = _setting(
        "SIDEROSTAT_RELAY_MOST_BYTES",
        100_000_000,
        "largest result that is forwarded to another portal; else it gets links",
        _number(int),
    )
    dust_maps: str | None = _setting("SIDEROSTAT_DUST_MAPS", None, "directory of the SFD dust maps; none by default")
    identity_seconds: float = _setting(
        "SIDEROSTAT_IDENTITY_SECONDS", 30.0, "how long the identity behind a token is remembered", float
    )
    session_days: float = _setting(
        "SIDEROSTAT_SESSION_DAYS", 14.0, "longest session of a person at the pages", _number(float)
    )
    log_level: str = _setting("SIDEROSTAT_LOG_LEVEL", "INFO", "log level")
    lambda_name: str = _setting("AWS_LAMBDA_FUNCTION_NAME", "", "the function that runs this; AWS sets it")
    metrics_folder: str | None = _setting(
        "PROMETHEUS_MULTIPROC_DIR", None, "folder in which the processes of one machine add up what they count"
    )
    openai_base_url: str = _setting(
        "SIDEROSTAT_OPENAI_BASE_URL OPENAI_BASE_URL",
        "https://api.openai.com/v1",
        "any server that speaks OpenAI's chat API; read from OPENAI_BASE_URL as well",
    )
    openai_api_key: str | None = _setting(
        "SIDEROSTAT_OPENAI_API_KEY", None, "for summaries of users without a key: itself, or its ARN", secret=True
    )
    openai_seconds: float = _setting(
        "SIDEROSTAT_OPENAI_SECONDS", 120.0, "how long a language model may think", _number(float)
    )
    summary_model: str = _setting("SIDEROSTAT_SUMMARY_MODEL", "gpt-4o-mini", "summary model")
    summary_prompt: str = _setting(
        "SIDEROSTAT_SUMMARY_PROMPT",
        "You are an astronomer. Summarize what is known about this source in one paragraph for colleagues who "
        "decide whether to observe it: its nature and how sure that is, its distance, what is unusual about it, "
        "and what was observed or asked for last.",
        "what a language model is asked to do",
    )
    summary_temperature: float | None = _setting("SIDEROSTAT_SUMMARY_TEMPERATURE", 0.3, "summary temperature", float)
    summary_max_tokens: int | None = _setting("SIDEROSTAT_SUMMARY_MAX_TOKENS", 1000, "summary max tokens", int)
    summary_top_p: float | None = _setting("SIDEROSTAT_SUMMARY_TOP_P", None, "summary top p", float)
    summary_frequency_penalty: float | None = _setting(
        "SIDEROSTAT_SUMMARY_FREQUENCY_PENALTY", None, "summary frequency penalty", float
    )
    summary_presence_penalty: float | None = _setting(
        "SIDEROSTAT_SUMMARY_PRESENCE_PENALTY", None, "summary presence penalty", float
    )
    summary_input_tokens: int = _setting(
        "SIDEROSTAT_SUMMARY_INPUT_TOKENS", 12_000, "most that a language model is given to read", _number(int)
    )
    embedding_model: str = _setting(
        "SIDEROSTAT_EMBEDDING_MODEL",
        "text-embedding-3-small",
        "by which summaries are found that mean what was asked for",
    )
    embedding_api_key: str | None = _setting(
        "SIDEROSTAT_EMBEDDING_API_KEY",
        None,
        "for that model: itself, or its ARN; by default SIDEROSTAT_OPENAI_API_KEY",
        secret=True,
    )
    summarizer_token: str | None = _setting(
        "SIDEROSTAT_SUMMARIZER_TOKEN",
        None,
        "if set, itself or by its ARN, who calls the summarizer sends it as a bearer token",
        secret=True,
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "public_url", self.public_url.rstrip("/"))

    def table(self, name: str) -> str:
        """Name of one of the four DynamoDB tables."""
        return f"{self.prefix}-{name}"

    def queue(self, name: str) -> str:
        """Name of an SQS queue."""
        return f"{self.prefix}-{name}"

    @property
    def webhook_secret(self) -> str:
        """Name of the secret that signs webhook tokens."""
        return f"{self.prefix}-webhook"

    @property
    def summarizer_url(self) -> str:
        """Where services and sites reach the summarizer that we ship."""
        return f"{self.public_url}{SUMMARIZE_PATH}"

    @property
    def summary_parameters(self) -> dict[str, Any]:
        """The site's parameters of summaries, under the names that users' preferences have."""
        parameters = {
            "model": self.summary_model,
            "prompt": self.summary_prompt,
            "temperature": self.summary_temperature,
            "max_tokens": self.summary_max_tokens,
            "top_p": self.summary_top_p,
            "frequency_penalty": self.summary_frequency_penalty,
            "presence_penalty": self.summary_presence_penalty,
        }
        return {name: value for name, value in parameters.items() if value is not None}

    @property
    def credentials_key(self) -> str:
        """Alias of the KMS key under which credentials are encrypted."""
        return f"alias/{self.prefix}-credentials"


@cache
def settings() -> Settings:
    """Return the settings of this process; tests clear it with `settings.cache_clear()`."""
    return Settings()
