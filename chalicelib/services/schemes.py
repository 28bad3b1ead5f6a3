"""The ways to authenticate to a service, each a value that holds its secrets and never shows them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class HeaderToken:
    """Headers to send."""

    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that goes into the document, under a name of the service's choice."""

    name: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Basic:
    """HTTP Basic authentication, RFC 7617."""

    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Digest:
    """HTTP Digest authentication, RFC 7616: costs a second request."""

    username: str = field(repr=False)
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OAuth1:
    """OAuth 1.0a, RFC 5849."""

    app_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    user_oauth_token: str = field(repr=False)
    user_oauth_token_secret: str = field(repr=False)


Credentials = HeaderToken | ApiKey | Basic | Digest | OAuth1
