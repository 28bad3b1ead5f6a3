"""The cookie of the pages: under which name, with which attributes, and from where requests with it may come."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from chalicelib.settings import settings

_NAME = "siderostat"
_HOST_PREFIX = "__Host-"
"""Browsers take such a cookie over https alone, for this host alone (RFC 6265bis, section 4.1.3.2)."""

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_SAME_ORIGIN = "same-origin"

Headers = Mapping[str, str]


def secret_of(headers: Headers) -> str | None:
    """Return what the cookie of a request holds, or None if there is none; what cannot be ours is empty."""
    wanted = _name(headers)
    for part in headers.get("cookie", "").split(";"):
        name, separator, value = part.strip().partition("=")
        if separator and name == wanted:
            return value if _SECRET.fullmatch(value) else ""
    return None


def setting(secret: str, seconds: int, headers: Headers) -> dict[str, str]:
    """Return the header that lays a cookie, for the client of a request."""
    secure = "" if _is_plain(headers) else " Secure;"
    cookie = f"{_name(headers)}={secret}; Path=/; Max-Age={seconds};{secure} HttpOnly; SameSite=Strict"
    return {"Set-Cookie": cookie}


def removing(headers: Headers) -> dict[str, str]:
    """Return the header that removes it."""
    return setting("", 0, headers)


def is_ours(method: str, headers: Headers) -> bool:
    """Say whether a request that a browser adds the cookie to comes from our own pages, or can change nothing.

    What a page may say of the origin of its requests, the browser says here: scripts cannot set this header (Fetch
    Metadata Request Headers, W3C). Browsers send it over https, and to this machine.
    """
    return method in _SAFE or headers.get("sec-fetch-site", "").strip().lower() == _SAME_ORIGIN


def is_foreign(headers: Headers) -> bool:
    """Say whether a browser says that another site's page makes the request."""
    return headers.get("sec-fetch-site", _SAME_ORIGIN).strip().lower() not in {_SAME_ORIGIN, "none"}


def is_kept(headers: Headers) -> bool:
    """Say whether a browser keeps the cookie: over https, which a proxy may speak for us, and on this machine."""
    host = _host(headers)[0]
    is_https = _is_https(headers) or settings().public_url.startswith("https:")
    return is_https or host is None or host in _LOOPBACK


def _name(headers: Headers) -> str:
    if not _is_plain(headers):
        return f"{_HOST_PREFIX}{_NAME}"
    port = _host(headers)[1]
    return _NAME if port is None else f"{_NAME}-{port}"  # ports of one machine share their cookies


def _is_plain(headers: Headers) -> bool:
    """Say whether the browser reaches us without TLS, which only a loopback address may be."""
    return not _is_https(headers) and _host(headers)[0] in _LOOPBACK


def _is_https(headers: Headers) -> bool:
    return headers.get("x-forwarded-proto", "").split(",")[0].strip().lower() == "https"


def _host(headers: Headers) -> tuple[str | None, int | None]:
    try:
        parts = urlsplit(f"//{headers.get('host', '').strip()}")
        host, port = parts.hostname, parts.port
    except ValueError:
        return None, None
    return host, port
