"""Credentials of a service: encrypted at rest, opened for dispatch, and what they add to a request."""

import base64
import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalicelib import sealing
from chalicelib.memory import Remembered
from chalicelib.services import authinfo
from chalicelib.services.items.service import Service
from chalicelib.services.schemes import ApiKey, Basic, Credentials, Digest, HeaderToken, OAuth1

if TYPE_CHECKING:
    from requests.auth import AuthBase

_opened: Remembered[Credentials] = Remembered(300, most=1024)


def seal(service_id: int, text: str) -> bytes:
    """Encrypt the JSON text of `_authinfo` with KMS, under a context that names the service."""
    return sealing.seal(text.encode(), owner_of(service_id))


def credentials_of(service: Service) -> Credentials | None:
    """Return the credentials of a service, None if it needs none; remembered in the process for some minutes.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    if not service.secret:
        return None
    key = (service.service_id, service.authentication_type, hashlib.sha256(service.secret).digest())
    credentials = _opened.get(key)
    if credentials is None:
        text = sealing.opened(service.secret, owner_of(service.service_id)).decode()
        credentials = authinfo.parse(service.authentication_type, text)
        _opened.put(key, credentials)
    return credentials


def apply(
    credentials: Credentials | None, document: Mapping[str, Any], headers: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str], "AuthBase | None"]:
    """Return the document, the headers and the authentication of a request with these credentials."""
    match credentials:
        case HeaderToken():
            return {**document}, {**headers, **credentials.headers}, None
        case ApiKey():
            return {**document, credentials.name: credentials.value}, {**headers}, None
    return {**document}, {**headers}, _authentication(credentials)


def secrets_of(credentials: Credentials | None) -> tuple[str, ...]:
    """Return the texts that must not come back in an answer that we show."""
    match credentials:
        case HeaderToken():
            return tuple(part for value in credentials.headers.values() for part in (value, value.split(" ")[-1]))
        case ApiKey():
            return (credentials.value,)
        case Basic():
            pair = f"{credentials.username}:{credentials.password}".encode()
            return credentials.password, base64.b64encode(pair).decode()
        case Digest():
            return (credentials.password,)
        case OAuth1():
            return credentials.app_secret, credentials.user_oauth_token, credentials.user_oauth_token_secret
        case None:
            return ()


def _authentication(credentials: Basic | Digest | OAuth1 | None) -> "AuthBase | None":
    # the API registers services, and calls none with their credentials: it begins without these
    from requests.auth import HTTPBasicAuth, HTTPDigestAuth  # noqa: PLC0415
    from requests_oauthlib import OAuth1 as OAuth1Signature  # noqa: PLC0415

    match credentials:
        case Basic():
            return HTTPBasicAuth(credentials.username.encode(), credentials.password.encode())
        case Digest():
            return HTTPDigestAuth(credentials.username, credentials.password)
        case OAuth1():
            signature: AuthBase = OAuth1Signature(
                credentials.app_key,
                credentials.app_secret,
                credentials.user_oauth_token,
                credentials.user_oauth_token_secret,
            )
            return signature
        case None:
            return None


def owner_of(service_id: int) -> str:
    """Return under which name KMS knows a service."""
    return f"service#{service_id}"
