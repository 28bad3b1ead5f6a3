"""Redirects of services: where they lead, and what of a request may go there.

A request is sent on as it is, a POST with its body also where a browser would turn it into a GET (301, 302, 303):
otherwise the run would wait for a service that has nothing.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import SplitResult, quote, urldefrag, urljoin, urlsplit

import requests

STATUSES = frozenset({301, 302, 303, 307, 308})
MOST = 3

_MOST_SHOWN = 300
_PLAIN_HEADERS = frozenset({"content-type"})
"""Headers of a request that are neither credentials nor a signature."""

_PORTS = {"http": 80, "https": 443}
_USER = re.compile(r"(?<=//)[^/?#]*@")
_SECRET_VALUE = re.compile(
    r"([?&;][^=&;#]*(?:key|token|sig|secret|pass|auth|cred|code)[^=&;#]*=)[^&;#]*", re.IGNORECASE
)


class NotFollowed(Exception):
    """A redirect that is not followed; the message is the reason."""


class Origin(NamedTuple):
    """What two URLs have in common that lead to the same server."""

    scheme: str
    host: str | None
    port: int | None


def target_of(url: str, location: str | None) -> str:
    """Return the absolute URL that an answer from `url` redirects to.

    Raises
    ------
    NotFollowed
        There is no Location, or it cannot be read.
    """
    if not (location or "").strip():
        raise NotFollowed("Its Location is missing.")
    # the header arrives as Latin-1 whatever its bytes are
    octets = str(location).strip().encode("latin-1", "replace")
    try:
        joined = urljoin(url, quote(octets, safe="!#$%&'()*+,/:;=?@[]~"))
        target, _ = urldefrag(joined)
        _origin_of(target)
    except ValueError:
        raise NotFollowed("Its Location cannot be read as a URL.") from None
    return target


def moved(request: requests.Request, target: str, secrets: Collection[str]) -> requests.Request:
    """Return the request that goes on to `target`: the same one, but without credentials and signature elsewhere.

    Parameters
    ----------
    request : requests.Request
        As it went to where it was redirected.
    target : str
        An absolute URL.
    secrets : collection of str
        Values that the document holds as credentials; their keys are left out where they are not to go.

    Raises
    ------
    NotFollowed
        Credentials that came over TLS would go on without it.
    """
    here, there = _origin_of(str(request.url)), _origin_of(target)
    if here == there or _is_upgrade(here, there):
        return requests.Request(request.method, target, request.headers, data=request.data, auth=request.auth)
    headers = {name: value for name, value in request.headers.items() if name.lower() in _PLAIN_HEADERS}
    bare = requests.Request(request.method, target, headers, data=without_secrets(request.data, secrets))
    is_bare = request.auth is None and len(headers) == len(request.headers) and bare.data == request.data
    if here.scheme == "https" and there.scheme == "http" and not is_bare:
        raise NotFollowed("It leads from https to http, and the request holds credentials.")
    return bare


def without_secrets(document: Any, secrets: Collection[str]) -> Any:  # noqa: ANN401 - what a request may carry
    """Return a JSON document without the keys whose values are secrets; the very same bytes if there are none."""
    wanted = frozenset(filter(None, secrets))
    if not wanted or not isinstance(document, bytes):
        return document
    content = json.loads(document)
    bare = _without(content, wanted)
    return document if bare == content else json.dumps(bare, separators=(",", ":")).encode()


def shown(url: str) -> str:
    """Return a URL as a message may name it: short, printable, without a user name and without values of secrets."""
    hidden = _SECRET_VALUE.sub(r"\1…", _USER.sub("", url))
    text = "".join(character if character.isprintable() else " " for character in hidden).strip()
    return text if len(text) <= _MOST_SHOWN else text[:_MOST_SHOWN] + "…"


def _without(value: Any, secrets: frozenset[str]) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, Mapping):
        return {
            key: _without(item, secrets)
            for key, item in value.items()
            if not (isinstance(item, str) and item in secrets)
        }
    return value


def _origin_of(url: str) -> Origin:
    parts: SplitResult = urlsplit(url)
    return Origin(parts.scheme, parts.hostname, parts.port or _PORTS.get(parts.scheme))


def _is_upgrade(here: Origin, there: Origin) -> bool:
    """Say whether one leads from http to https on the same host, both at their own ports."""
    ports = (here.port, there.port) == (_PORTS["http"], _PORTS["https"])
    return (here.scheme, there.scheme) == ("http", "https") and here.host == there.host and ports
