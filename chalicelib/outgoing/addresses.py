"""Which URLs a service may have: nothing that leads into private networks, unless the site's settings say so."""

import ipaddress
import re
import socket
from collections.abc import Collection
from urllib.parse import SplitResult, urlsplit

from chalicelib.http.errors import BadRequest
from chalicelib.metrics.measure import count
from chalicelib.metrics.names import Count
from chalicelib.settings import settings

MAX_URL_LENGTH = 2000

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_WHOLE_URL = re.compile(r"[\x21-\x7e]+")
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?")
_MAX_NAME_LENGTH = 253
_NUMERIC_LABEL = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")


def check_url(url: object, allowed_hosts: Collection[str] | None = None) -> None:
    """Check the URL of a service.

    Parameters
    ----------
    url : object
        Whatever was given.
    allowed_hosts : collection of str, optional
        Hosts that may be private, and be reached by plain http in any case; by default those of the settings.

    Raises
    ------
    BadRequest
        "a valid `url` is required to add an Analysis Service.", and what is wrong with this one.
    """
    problem = problem_with(url, settings().allowed_hosts if allowed_hosts is None else allowed_hosts)
    if problem is not None:
        raise BadRequest(f"a valid `url` is required to add an Analysis Service. {problem}")


def problem_with(url: object, allowed_hosts: Collection[str]) -> str | None:
    """Return a sentence that says why a URL is refused, or None; host names are not resolved here.

    Parameters
    ----------
    url : object
        Whatever was given; plain http is refused if the settings say `https_only`.
    allowed_hosts : collection of str
        Hosts that may be private, and be reached by plain http in any case.
    """
    if not isinstance(url, str) or len(url) > MAX_URL_LENGTH:
        return f"It must be a string of at most {MAX_URL_LENGTH} characters."
    if not _WHOLE_URL.fullmatch(url) or "\\" in url:
        return "It must be ASCII without spaces, control characters and backslashes; percent-encode the rest."
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return "It cannot be read as a URL."
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        return "It must begin with http:// or https:// and name a host."
    if "@" in parts.netloc or "#" in url:
        return "It must hold neither a user name nor a fragment."
    return _problem_with_host(parts, parts.hostname, allowed_hosts)


def is_allowed(host: str, allowed_hosts: Collection[str]) -> bool:
    """Say whether the settings let this host be private."""
    return _canonical(host) in {_canonical(allowed) for allowed in allowed_hosts}


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the public internet; one that embeds an IPv4 address for a gateway does not."""
    from requests_hardened.ip_filter import EXTRA_BLOCKED_NET_RANGES  # noqa: PLC0415 - brings requests along

    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.is_site_local:
            return False
    special = address.is_multicast or address.is_reserved or any(address in net for net in EXTRA_BLOCKED_NET_RANGES)
    return address.is_global and not special


def _problem_with_host(parts: SplitResult, host: str, allowed_hosts: Collection[str]) -> str | None:
    try:
        address = _literal_address(host, bracketed="[" in parts.netloc)
    except ValueError:
        return "Its host is neither a name nor an IP address."
    if is_allowed(host, allowed_hosts):
        return None
    if parts.scheme == "http" and settings().https_only:
        return "It must begin with https://: this site's settings forbid plain http."
    name = _canonical(host)
    if (address is not None and not is_public(address)) or name == "localhost" or name.endswith(".localhost"):
        count(Count.REFUSED_ADDRESSES)
        return "Its host is private; only hosts that the site's settings name may be."
    return None


def _literal_address(host: str, *, bracketed: bool) -> Address | None:
    """Read an IP address as a resolver would, in any of its forms; None for a name, ValueError for neither."""
    if bracketed:
        if "%" in host:
            raise ValueError(host)
        return ipaddress.IPv6Address(host)
    if not _NAME.fullmatch(host) or len(host) > _MAX_NAME_LENGTH:
        raise ValueError(host)
    if not _NUMERIC_LABEL.fullmatch(host.rstrip(".").rpartition(".")[2]):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host.rstrip(".")))
    except OSError:
        raise ValueError(host) from None


def _canonical(host: str) -> str:
    return host.lower().rstrip(".").strip("[]")
