"""Signatures of requests to AWS (Signature Version 4) for URLs without a query."""

import hashlib
import hmac
import time
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import NoCredentialsError

_ALGORITHM = "AWS4-HMAC-SHA256"
_DIGEST = "x-amz-content-sha256"
_UNSIGNED = frozenset({"content-length", "user-agent", "x-amzn-trace-id"})
"""Headers that what lies between may change."""


class Signer:
    """Signs for one service in one region.

    Parameters
    ----------
    credentials : botocore.credentials.Credentials or None
        Asked for each signature, for those of a role are replaced from time to time.
    region, service : str
        What the signature is valid for.
    """

    def __init__(self, credentials: Any, region: str, service: str) -> None:  # noqa: ANN401 - botocore has no types
        self._credentials, self._region, self._service = credentials, region, service

    def headers(self, url: str, headers: Mapping[str, str], body: bytes, method: str = "POST") -> dict[str, str]:
        """Return the headers that sign a request with this body; its digest may be among the headers, as S3 wants it.

        Raises
        ------
        botocore.exceptions.NoCredentialsError
            There is nothing to sign with.
        """
        if self._credentials is None:
            raise NoCredentialsError
        credentials = self._credentials.get_frozen_credentials()
        moment = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        added = {"X-Amz-Date": moment}
        if credentials.token:
            added["X-Amz-Security-Token"] = credentials.token
        signed = {name.lower(): value for name, value in (*headers.items(), *added.items())}
        digest = signed.get(_DIGEST) or hashlib.sha256(body).hexdigest()
        for name in _UNSIGNED & signed.keys():
            del signed[name]
        canonical, names = _canonical(method, url, tuple(signed.items()))
        request = f"{canonical}\n{digest}"
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"{_ALGORITHM}\n{moment}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
        key = _key(credentials.secret_key, moment[:8], self._region, self._service)
        signature = hmac.digest(key, text.encode(), "sha256").hex()
        added["Authorization"] = (
            f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        return added


@lru_cache(maxsize=128)
def _canonical(method: str, url: str, headers: tuple[tuple[str, str], ...]) -> tuple[str, str]:
    """Return what is signed but for the body, which is the same for all calls of an operation within a second."""
    signed = {**dict(headers), "host": _host(url)}
    names = sorted(signed)
    written = ";".join(names)
    lines = [f"{name}:{' '.join(signed[name].split())}" for name in names]
    return "\n".join([method, f"/{url.split('/', 3)[3]}", "", *lines, "", written]), written


@lru_cache(maxsize=8)
def _key(secret: str, *scope: str) -> bytes:
    """Return the key of a day, a region and a service."""
    key = f"AWS4{secret}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


@lru_cache(maxsize=64)
def _host(url: str) -> str:
    """Return the Host header, without a scheme's own port."""
    place = urlsplit(url)
    own = {"http": 80, "https": 443}.get(place.scheme)
    return str(place.hostname) if place.port in {None, own} else f"{place.hostname}:{place.port}"
