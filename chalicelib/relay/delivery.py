"""Posting an end to a portal's callback, and reading what the portal says to that."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Literal

from chalicelib.outgoing.bounded_http import Limits
from chalicelib.outgoing.post import Outcome, post_json
from chalicelib.settings import settings

Verdict = Literal["taken", "known", "expired", "too_large", "refused", "again"]
"""taken: it is the portal's now; known: the portal had an end before; expired: it takes none any more; too_large: it
wants less; refused: for good; again: later."""

_LIMITS = Limits(total_seconds=120.0)
_FOR_GOOD = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.GONE, HTTPStatus.UNPROCESSABLE_ENTITY})


@dataclass(frozen=True, slots=True)
class Delivered:
    """What became of one try."""

    verdict: Verdict
    http_status: int | None
    text: str
    retry_after_seconds: float | None


def deliver(callback_url: str, body: bytes) -> Delivered:
    """Post an end; the checks of addresses hold as for services, and a redirect to another host is not followed."""
    token = callback_url.rstrip("/").rpartition("/")[2]
    outcome = post_json(
        callback_url,
        body,
        {},
        None,
        allowed_hosts=settings().allowed_hosts,
        secrets=(token,),
        limits=_LIMITS,
        same_host=True,
    )
    return Delivered(verdict_of(outcome), outcome.http_status, _said(outcome), outcome.retry_after_seconds)


def verdict_of(outcome: Outcome) -> Verdict:
    """Return what an answer means.

    SkyPortal's 403 "Invalid token" is no refusal: it says so, too, while its database is not to be reached. Nor is the
    page of a proxy before a portal that begins anew, whatever its status.
    """
    status, text = outcome.http_status, outcome.text.lower()
    if outcome.kind == "taken":
        return "again" if _is_page(outcome.text) or _is_error(outcome.text) else "taken"
    if "already updated" in text and status == HTTPStatus.FORBIDDEN:
        return "known"
    if "expired" in text and status == HTTPStatus.BAD_REQUEST:
        return "expired"
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return "too_large"
    if outcome.kind == "refused" and (status is None or (status in _FOR_GOOD and not _is_page(outcome.text))):
        return "refused"
    return "again"


def _said(outcome: Outcome) -> str:
    """Return the portal's own sentence, where it wraps one up."""
    answer = _object(outcome.text)
    said = answer.get("message") or answer.get("status")
    return said if isinstance(said, str) and said else outcome.text


def _is_page(text: str) -> bool:
    return text.lstrip().startswith("<")


def _is_error(text: str) -> bool:
    return _object(text).get("status") == "error"


def _object(text: str) -> dict[str, object]:
    try:
        answer = json.loads(text)
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
