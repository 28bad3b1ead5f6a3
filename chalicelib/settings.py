"""The site's settings: the only place that reads the environment.

By plain pydantic: pydantic-settings brings asyncio, argparse and dotenv along, a tenth of the start of a function.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, field_validator

VERSION = "0.1.0"

SUMMARIZE_PATH = "/summarize"
"""Where the summarizer that we ship answers, like any analysis service."""

MAX_BODY_BYTES = 4_500_000
"""Largest body in either direction: Lambda carries 6 MB, and bodies travel as base64."""


_PREFIX = "SIDEROSTAT_"


class Settings(BaseModel):
    """What a deployment decides; each field is read from `SIDEROSTAT_<NAME>`, or from the variables of its alias."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - any field
        super().__init__(**{**dict(_of_environment()), **given})

    prefix: str = Field(default="siderostat", description="first part of the name of every AWS resource")
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="where callers and services reach the API; slashes at its end do not count",
    )
    bucket: str = Field(default="siderostat-123456789012", description="the default is the local stack's")
    bucket_url: str | None = Field(
        default=None, description="where callers and services reach the bucket, if not where AWS has it"
    )
    products_function: str = Field(default="siderostat-products", description="name of the isolated products function")
    periodograms_function: str = Field(default="siderostat-periodograms", description="name of the isolated function")
    admin_token: SecretStr | None = Field(
        default=None, description="token of the first administrator, or the ARN of the secret that holds it"
    )
    public_group: str = Field(default="Sitewide Group", description="the group that every user belongs to")
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="hosts of services that may be private, and reached by plain http in any case"
    )
    https_only: bool = Field(
        default=False, description="refuse services at plain http:// URLs, but for the allowed hosts"
    )
    max_completed_analyses: int = Field(default=50, description="completed analyses per object and author")
    max_open_analyses: int = Field(default=50, description="analyses per object and author that have not ended")
    max_upload_bytes: int = Field(
        default=256_000_000, gt=0, description="largest result that a service may upload through upload_url"
    )
    relay_wait_seconds: float = Field(
        default=5.0,
        ge=0,
        description="between our answer to another portal and its result: it writes its own state first",
    )
    relay_most_bytes: int = Field(
        default=100_000_000, gt=0, description="largest result that is forwarded to another portal; else it gets links"
    )
    dust_maps: str | None = Field(default=None, description="directory of the SFD dust maps; none by default")
    identity_seconds: float = Field(default=30.0, description="how long the identity behind a token is remembered")
    session_days: float = Field(default=14.0, gt=0, description="longest session of a person at the pages")
    log_level: str = "INFO"
    lambda_name: str = Field(
        default="", validation_alias="AWS_LAMBDA_FUNCTION_NAME", description="the function that runs this; AWS sets it"
    )
    metrics_folder: str | None = Field(
        default=None,
        validation_alias="PROMETHEUS_MULTIPROC_DIR",
        description="folder in which the processes of one machine add up what they count",
    )
    openai_base_url: str = Field(
        default="https://api.openai.com/v1",
        validation_alias=AliasChoices("SIDEROSTAT_OPENAI_BASE_URL", "OPENAI_BASE_URL"),
        description="any server that speaks OpenAI's chat API; read from OPENAI_BASE_URL as well",
    )
    openai_api_key: SecretStr | None = Field(
        default=None, description="for summaries of users without a key: itself, or its ARN"
    )
    openai_seconds: float = Field(default=120.0, gt=0, description="how long a language model may think")
    summary_model: str = "gpt-4o-mini"
    summary_prompt: str = Field(
        default=(
            "You are an astronomer. Summarize what is known about this source in one paragraph for colleagues who "
            "decide whether to observe it: its nature and how sure that is, its distance, what is unusual about it, "
            "and what was observed or asked for last."
        ),
        description="what a language model is asked to do",
    )
    summary_temperature: float | None = 0.3
    summary_max_tokens: int | None = 1000
    summary_top_p: float | None = None
    summary_frequency_penalty: float | None = None
    summary_presence_penalty: float | None = None
    summary_input_tokens: int = Field(default=12_000, gt=0, description="most that a language model is given to read")
    summarizer_token: SecretStr | None = Field(
        default=None, description="if set, itself or by its ARN, who calls the summarizer sends it as a bearer token"
    )

    @field_validator("public_url")
    @classmethod
    def _without_slash_at_the_end(cls, url: str) -> str:
        return url.rstrip("/")

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


def _of_environment() -> Iterator[tuple[str, Any]]:
    """Yield what the environment says, by the name under which a field takes it; tuples are JSON."""
    for name, field in Settings.model_fields.items():
        alias = field.validation_alias
        choices = [str(each) for each in alias.choices] if isinstance(alias, AliasChoices) else [alias]
        for choice in choices:
            variable = choice if isinstance(choice, str) else f"{_PREFIX}{name.upper()}"
            if variable in os.environ:
                text = os.environ[variable]
                value = json.loads(text) if field.annotation == tuple[str, ...] else text
                yield (choice if isinstance(choice, str) else name), value
                break


@cache
def settings() -> Settings:
    """Return the settings of this process; tests clear it with `settings.cache_clear()`."""
    return Settings()
