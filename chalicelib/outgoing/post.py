"""The one way out: sends a request to a service and says what became of it."""

import json
import socket
import ssl
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

import requests
import urllib3
from requests.auth import AuthBase
from requests_hardened.ip_filter import InvalidIPAddress

from chalicelib.outgoing import bounded_http
from chalicelib.outgoing.addresses import problem_with
from chalicelib.outgoing.retry_after import seconds_of
from chalicelib.settings import VERSION

MAX_TEXT = 1024

NO_ACKNOWLEDGEMENT = "The service gave no acknowledgement; it may be running."

Kind = Literal["taken", "refused", "retry", "unknown"]

_RETRY = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}
_HEADERS = {"User-Agent": f"Siderostat/{VERSION}", "Accept": "*/*", "Accept-Encoding": "identity"}
_LIMITS = bounded_http.Limits()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a request."""

    kind: Kind
    """taken: any 2xx; refused: sending it again would not help; retry: send it again; unknown: it may be running."""
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
) -> Outcome:
    """Send a JSON document to a service.

    Parameters
    ----------
    url : str
        Checked again, and its host resolved and checked, at every call.
    document : bytes
        JSON.
    headers : mapping
        Sent beside our own.
    auth : requests.auth.AuthBase, optional
        Basic, Digest or OAuth1.
    allowed_hosts : collection of str
        Hosts that may be private, and be reached by plain http in any case.
    secrets : collection of str
        Texts that are blotted out of the answer, for services that echo what they get.
    limits : Limits
        How long it may take and how much is read.
    """
    request = requests.Request("POST", url, {"Content-Type": "application/json", **headers}, data=document, auth=auth)
    return send(request, allowed_hosts=allowed_hosts, secrets=secrets, limits=limits)


def send(
    request: requests.Request,
    *,
    allowed_hosts: Collection[str],
    secrets: Collection[str] = (),
    limits: bounded_http.Limits = _LIMITS,
) -> Outcome:
    """Send any request, as `post_json` does."""
    started = time.monotonic()

    def outcome(kind: Kind, text: str, status: int | None = None, retry_after: float | None = None) -> Outcome:
        return Outcome(kind, status, text, retry_after, round(1000 * (time.monotonic() - started)))

    problem = problem_with(request.url, allowed_hosts)
    if problem is not None:
        return outcome("refused", f"The service's URL is not allowed. {problem}")
    current = bounded_http.Exchange(limits)
    try:
        with bounded_http.session(current, allowed_hosts) as session:
            session.headers.update(_HEADERS)
            response = session.send(session.prepare_request(request))
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, KeyError) as error:
        return outcome(*_failed(error, current))
    kind = _kind(response.status_code)
    text = _shown(response, secrets)
    wait = seconds_of(response.headers.get("Retry-After")) if kind == "retry" else None
    return outcome(kind, text, response.status_code, wait)


def _kind(status: int) -> Kind:
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return "taken"
    return "retry" if status in _RETRY or status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused"


def _shown(response: requests.Response, secrets: Collection[str]) -> str:
    """Return what people are shown of an answer; for a refusal never nothing."""
    if response.is_redirect:
        return "Redirects are not followed."
    text = _text(response.content.decode(errors="replace"), secrets)
    return text or ("" if response.ok else "(without a text)")


def _text(answer: str, secrets: Collection[str]) -> str:
    """Return what may be shown; secrets are looked for again where control characters stood between their letters."""
    written = {form for secret in filter(None, secrets) for form in _forms(secret)}
    spaced = (" " if character.isspace() else character for character in _blotted(answer, written))
    printable = "".join(character for character in spaced if character.isprintable())
    return _blotted(printable, written).strip()[:MAX_TEXT]


def _blotted(text: str, secrets: Collection[str]) -> str:
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, "[secret]")
    return text


def _forms(secret: str) -> set[str]:
    """Return how an echo may write a secret: as it is, or within JSON."""
    return {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}


def _failed(error: Exception, current: bounded_http.Exchange) -> tuple[Kind, str]:
    if isinstance(error, InvalidIPAddress):
        return "refused", "The service's host has a private address; only hosts that the site's settings name may."
    if current.unanswered:
        return "unknown", NO_ACKNOWLEDGEMENT
    if isinstance(error, ValueError | KeyError):  # from requests, http.client or its Digest authentication
        return "refused", "The request to the service could not be made from its URL, credentials and challenge."
    return "retry", f"The service could not be reached: {_reason(error, current)}."


def _reason(error: Exception, current: bounded_http.Exchange) -> str:
    """Say why a connection failed, without the URL, which may hold a secret."""
    reasons = (_reason_of(cause, current.limits) for cause in _causes(error))
    return next(filter(None, reasons), "the connection failed")


def _reason_of(cause: BaseException, limits: bounded_http.Limits) -> str | None:
    reason = None
    match cause:
        case ssl.SSLCertVerificationError():
            reason = f"its certificate is not valid, {cause.verify_message}"
        case ssl.SSLError():
            reason = "the TLS handshake failed"
        case socket.gaierror():
            reason = "its name could not be resolved"
        case urllib3.exceptions.NewConnectionError():  # a kind of ConnectTimeoutError; its cause says more
            reason = None
        case urllib3.exceptions.ConnectTimeoutError():
            reason = f"no connection within {limits.connect_seconds:g} s"
        case TimeoutError():
            reason = "it did not take the whole request in time"
        case OSError(errno=int(), strerror=str(text)):
            reason = text.lower()
    return reason


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
