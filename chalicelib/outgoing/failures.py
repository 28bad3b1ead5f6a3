"""Why a request brought no answer, and whether it is worth another try."""

import socket
import ssl
from collections.abc import Iterator
from typing import Literal

import urllib3
from requests_hardened.ip_filter import InvalidIPAddress

from chalicelib.metrics.measure import count
from chalicelib.metrics.names import Count
from chalicelib.outgoing import bounded_http

NO_ACKNOWLEDGEMENT = "The service gave no acknowledgement; it may be running."

Kind = Literal["taken", "refused", "retry", "unknown"]
"""taken: any 2xx; refused: sending it again would not help; retry: send it again; unknown: it may be running."""


def failure_of(error: Exception, current: bounded_http.Exchange) -> tuple[Kind, str]:
    """Return what an exception of an exchange means, with a sentence."""
    if isinstance(error, InvalidIPAddress):
        count(Count.REFUSED_ADDRESSES)
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
