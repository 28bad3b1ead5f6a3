"""The site's settings: the only place that reads the environment."""

from functools import cache

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

VERSION = "0.1.0"

MAX_BODY_BYTES = 4_500_000
"""Largest body in either direction: Lambda carries 6 MB, and bodies travel as base64."""


class Settings(BaseSettings):
    """What a deployment decides; each field is read from `SIDEROSTAT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="SIDEROSTAT_", frozen=True, extra="ignore")

    prefix: str = Field(default="siderostat", description="first part of the name of every AWS resource")
    public_url: str = Field(default="http://127.0.0.1:8000", description="where callers and services reach the API")
    bucket: str = "siderostat-products"
    products_function: str = Field(default="siderostat-products", description="name of the isolated products function")
    admin_token: SecretStr | None = Field(default=None, description="token of the first administrator, a UUID4")
    public_group: str = Field(default="Sitewide Group", description="the group that every user belongs to")
    allowed_hosts: tuple[str, ...] = Field(
        default=(), description="hosts of services that may be private and may be reached by plain http"
    )
    max_completed_analyses: int = Field(default=50, description="completed analyses per object and author")
    max_open_analyses: int = Field(default=50, description="analyses per object and author that have not ended")
    identity_seconds: float = Field(default=30.0, description="how long the identity behind a token is remembered")
    log_level: str = "INFO"

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
    def credentials_key(self) -> str:
        """Alias of the KMS key under which credentials are encrypted."""
        return f"alias/{self.prefix}-credentials"


@cache
def settings() -> Settings:
    """Return the settings of this process; tests clear it with `settings.cache_clear()`."""
    return Settings()
