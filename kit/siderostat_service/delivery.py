"""Brings a result home: posts it to the callback, again and again while it may still be taken."""

import gzip
import logging
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http import HTTPStatus
from urllib.parse import urljoin

import requests

from siderostat_service.failures import Document
from siderostat_service.result import body_of

LARGEST_POST = 4_000_000
"""Bytes; what is larger is uploaded where the sender offers it. Its own limit is 4.5 MB."""

_PAUSES_SECONDS = (1.0, 2.0, 5.0, 15.0, 30.0, 60.0)
_EFFORT = 4
"""Of gzip: for numbers a third of the CPU that the usual 6 takes, and a fortieth longer."""
_MOST_REDIRECTS = 3
"""Of a portal that was moved."""
_TIMEOUT_SECONDS = 30.0
_UPLOAD_SECONDS = 600.0
_AGAIN = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS}

logger = logging.getLogger(__name__)


def deliver(document: Document, result: Document, most_seconds: float = float("inf")) -> bool:
    """Post a result until it is taken or refused, or the run's time is over; say whether it was taken.

    The URLs hold a token and are never logged.

    Parameters
    ----------
    document : dict
        What the sender posted: callback_url, invalid_after, and perhaps upload_url.
    result : dict
        status, message and analysis.
    most_seconds : float
        When to give up in any case.
    """
    body, ends = body_of(result), time.monotonic() + min(most_seconds, seconds_left(document))
    upload = len(body) > LARGEST_POST
    for pause in _pauses():
        try:
            status = _send(document, result, body, upload=upload)
        except requests.RequestException as error:
            outcome = type(error).__name__
        else:
            if status < HTTPStatus.BAD_REQUEST:
                return True
            outcome = f"HTTP {status}"
            if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and "upload_url" in document and not upload:
                upload = True
                continue
            if status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _AGAIN:
                logger.warning("the result was refused: %s", outcome)
                return False
        if time.monotonic() + pause > ends:
            break
        logger.warning("the result was not delivered (%s); again in %g s", outcome, pause)
        time.sleep(pause)
    logger.error("the result was not delivered (%s), and its time is over", outcome)
    return False


def seconds_left(document: Document) -> float:
    """Return for how long the callback takes a result; an hour where the sender does not say."""
    try:
        ends = datetime.fromisoformat(document["invalid_after"]).replace(tzinfo=UTC)
    except (KeyError, TypeError, ValueError):
        return 3600.0
    return (ends - datetime.now(UTC)).total_seconds()


def _send(document: Document, result: Document, body: bytes, *, upload: bool) -> int:
    """Return the status of the callback, or of the step before it that was refused."""
    if upload and "upload_url" in document:
        offered = requests.post(document["upload_url"], timeout=_TIMEOUT_SECONDS, allow_redirects=False)
        if offered.status_code != HTTPStatus.OK:
            return offered.status_code
        form = offered.json()["data"]
        packed = {"file": ("result.json.gz", gzip.compress(body, _EFFORT))}
        stored = requests.post(form["url"], data=form["fields"], files=packed, timeout=_UPLOAD_SECONDS)
        if not stored.ok:
            return stored.status_code
        body = body_of({"status": result["status"], "message": result["message"], "uploaded": True})
    headers = {"Content-Type": "application/json"}
    url = document["callback_url"]
    for _ in range(_MOST_REDIRECTS + 1):
        answer = requests.post(url, body, headers=headers, timeout=_TIMEOUT_SECONDS, allow_redirects=False)
        if not answer.is_redirect:
            return answer.status_code
        url = urljoin(url, answer.headers["Location"])  # the same body again, which requests would drop at a 302
    return HTTPStatus.LOOP_DETECTED


def _pauses() -> Iterator[float]:
    yield from _PAUSES_SECONDS
    while True:
        yield _PAUSES_SECONDS[-1]
