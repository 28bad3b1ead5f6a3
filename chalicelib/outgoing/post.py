"""The one way out: sends a request to a service and says what became of it."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

import requests
import urllib3
from requests.auth import AuthBase

from chalicelib.outgoing import bounded_http, redirects
from chalicelib.outgoing.addresses import problem_with
from chalicelib.outgoing.failures import NO_ACKNOWLEDGEMENT, Kind, failure_of
from chalicelib.outgoing.redirects import NotFollowed
from chalicelib.outgoing.retry_after import seconds_of
from chalicelib.outgoing.shown_text import MAX_TEXT, blotted, forms_of, shown_text
from chalicelib.settings import VERSION

__all__ = ["NO_ACKNOWLEDGEMENT", "Kind", "Outcome", "post_json", "send"]

_RETRY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_HEADERS = {"User-Agent": f"Siderostat/{VERSION}", "Accept": "*/*", "Accept-Encoding": "identity"}
_LIMITS = bounded_http.Limits()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request."""

    kind: Kind
    http_status: int | None
    text: str
    """The first `MAX_TEXT` characters of the answer without control characters, or the reason in a sentence."""
    retry_after_seconds: float | None
    milliseconds: int


def post_json(  # noqa: PLR0913 - all that a request needs, in one call
    url: str,
    document: bytes,
    headers: Mapping[str, str],
    auth: AuthBase | None,
    *,
    allowed_hosts: Collection[str],
    secrets: Collection[str] = (),
    limits: bounded_http.Limits = _LIMITS,
    same_host: bool = False,
) -> Outcome:
    """Send a JSON document to a service, and on to where it is redirected, at most `redirects.MOST` times.

    Parameters
    ----------
    url : str
        Checked again, and its host resolved and checked, at every call and every redirect.
    document : bytes
        JSON.
    headers : mapping
        Sent beside our own, but not to other hosts than that of `url`: credentials, and the signature.
    auth : requests.auth.AuthBase, optional
        Basic, Digest or OAuth1; the same.
    allowed_hosts : collection of str
        Hosts that may be private, and be reached by plain http in any case.
    secrets : collection of str
        Texts that are blotted out of the answer, for services that echo what they get. A key of the document whose
        value is one of them does not go to other hosts either.
    limits : Limits
        How long it may take and how much is read.
    same_host : bool
        Follow no redirect that leads to another host.
    """
    request = requests.Request("POST", url, {"Content-Type": "application/json", **headers}, data=document, auth=auth)
    return send(request, allowed_hosts=allowed_hosts, secrets=secrets, limits=limits, same_host=same_host)


def send(
    request: requests.Request,
    *,
    allowed_hosts: Collection[str],
    secrets: Collection[str] = (),
    limits: bounded_http.Limits = _LIMITS,
    same_host: bool = False,
) -> Outcome:
    """Send any request, as `post_json` does."""
    started = time.monotonic()

    def outcome(kind: Kind, text: str, status: int | None = None, retry_after: float | None = None) -> Outcome:
        return Outcome(kind, status, text[:MAX_TEXT], retry_after, round(1000 * (time.monotonic() - started)))

    problem = problem_with(request.url, allowed_hosts)
    if problem is not None:
        return outcome("refused", f"The service's URL is not allowed. {problem}")
    current, visited = bounded_http.Exchange(limits), [str(request.url)]
    while True:
        via = _named(visited[-1], secrets) if len(visited) > 1 else None
        try:
            response = _exchanged(request, current, allowed_hosts)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, KeyError) as error:
            return outcome(*_failed(error, current, via))
        if response.status_code not in redirects.STATUSES:
            break
        try:
            followed = _redirected(request, response, visited, allowed_hosts, secrets)
            if same_host:
                _check_host(request, followed)
        except NotFollowed as reason:
            return outcome("refused", _not_followed(response, visited[-1], reason, secrets), response.status_code)
        request = followed
        visited.append(str(request.url))
    kind = _kind(response.status_code)
    text = _shown(response, secrets)
    wait = seconds_of(response.headers.get("Retry-After")) if kind == "retry" else None
    return outcome(kind, text if kind == "taken" else _after(via, text), response.status_code, wait)


def _exchanged(
    request: requests.Request, current: bounded_http.Exchange, allowed_hosts: Collection[str]
) -> requests.Response:
    """Send one request; a session of its own, so that no cookie goes on with a redirect."""
    with bounded_http.session(current, allowed_hosts) as session:
        session.headers.update(_HEADERS)
        return session.send(session.prepare_request(request))


def _redirected(
    request: requests.Request,
    response: requests.Response,
    visited: Collection[str],
    allowed_hosts: Collection[str],
    secrets: Collection[str],
) -> requests.Request:
    """Return the request that follows a redirect; raise NotFollowed if none may."""
    target = redirects.target_of(str(request.url), response.headers.get("Location"))
    if target in visited:
        raise NotFollowed("It leads in a circle.")
    if len(visited) > redirects.MOST:
        raise NotFollowed(f"{redirects.MOST} redirects were followed before it, and no more are.")
    problem = problem_with(target, allowed_hosts)
    if problem is not None:
        raise NotFollowed(problem)
    return redirects.moved(request, target, secrets)


def _check_host(request: requests.Request, followed: requests.Request) -> None:
    if urlsplit(str(request.url)).hostname != urlsplit(str(followed.url)).hostname:
        raise NotFollowed("It leads to another host.")


def _not_followed(response: requests.Response, url: str, reason: NotFollowed, secrets: Collection[str]) -> str:
    location = response.headers.get("Location")
    try:
        named = f" to {_named(redirects.target_of(url, location), secrets)}"
    except NotFollowed:
        named = f" to {_named(location, secrets)}" if location else ""
    return f"The redirect{named} is not followed. {reason}"


def _named(url: str, secrets: Collection[str]) -> str:
    return redirects.shown(blotted(url, forms_of(secrets)))


def _after(via: str | None, text: str) -> str:
    return text if via is None else f"After a redirect to {via}: {text}"


def _kind(status: int) -> Kind:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return "taken"
    return "retry" if status in _RETRY or status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused"


def _shown(response: requests.Response, secrets: Collection[str]) -> str:
    """Return what people are shown of an answer; for a refusal never nothing."""
    text = shown_text(response.content.decode(errors="replace"), secrets)
    return text or ("" if response.ok else "(without a text)")


def _failed(error: Exception, current: bounded_http.Exchange, via: str | None) -> tuple[Kind, str]:
    kind, text = failure_of(error, current)
    return kind, text if kind == "unknown" else _after(via, text)
