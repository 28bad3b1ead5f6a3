"""Sessions of people at the pages: begun with a token or with a ticket, ended at once, and never longer than the token.

A session is looked up at every request, so that no process goes on with one that another has ended.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib import transactions
from chalicelib.accounts import session_cookie
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.identity import identify, identify_hash, identify_until, token_of
from chalicelib.accounts.items.session import Session, Ticket
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.http.errors import Forbidden, Unauthorized
from chalicelib.settings import settings

TICKET_MINUTES = 15

_DAY_SECONDS = 24 * 3600
_ENDED = "Your session has ended: sign in again."
_NOT_OURS = (
    "Requests with the cookie of the pages must come from the pages themselves: the browser has to say so "
    "(Sec-Fetch-Site: same-origin), which it does over https and on this machine. Programs send a token."
)
_NOT_KEPT = (
    "Signing in takes https, or this machine itself: at this address browsers keep no session. Put a proxy that "
    "speaks https before the site, or use http://127.0.0.1 on the machine or through a tunnel."
)
_FOREIGN = "Another site's page cannot sign anybody in here."
_STALE = (
    f"This sign-in link was used already, or is older than {TICKET_MINUTES} minutes: sign in with your token instead."
)

Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Somebody with a session or a token, and until when; `secret` is what a new session's cookie holds."""

    caller: Caller
    ends: datetime | None
    secret: str = ""


def caller_of(method: str, headers: Headers) -> Caller:
    """Return who makes a request: by the token in its header or, if there is no such header, by its cookie.

    Raises
    ------
    Unauthorized
        Neither is known.
    Forbidden
        A request that may change something comes with a cookie, but not from our own pages.
    """
    return who(method, headers).caller


def who(method: str, headers: Headers) -> SignedIn:
    """Return the same, and when it ends; see `caller_of`."""
    authorization, secret = headers.get("authorization", ""), session_cookie.secret_of(headers)
    if authorization or secret is None:
        return SignedIn(*identify_until(authorization))
    if not session_cookie.is_ours(method, headers):
        raise Forbidden(_NOT_OURS)
    session = Session.of_secret(secret) if secret else None
    if session is None:
        raise Unauthorized(_ENDED)
    return _signed_in(session)


def begin_with_token(token: str, headers: Headers) -> SignedIn:
    """Begin a session of a token's owner.

    Raises
    ------
    Unauthorized
        No such token.
    Forbidden
        The request does not come from our own pages, nor from a program.
    """
    _refuse_others(headers)
    authorization = f"token {token}"
    identify(authorization)
    return _begin(token_of(authorization))


def begin_with_ticket(secret: str, headers: Headers) -> SignedIn:
    """Begin the one session that a ticket is for.

    Raises
    ------
    Unauthorized
        It was used, is too old, or never was one.
    Forbidden
        As with a token.
    """
    _refuse_others(headers)
    ticket = Ticket.of_secret(secret)
    if ticket is None:
        raise Unauthorized(_STALE)
    if not transactions.holds(lambda: ticket.delete(condition=Ticket.pk.exists())):
        raise Unauthorized(_STALE)
    return _begin(ticket.token)


def end(headers: Headers) -> None:
    """End the session of a request's cookie, everywhere and at once."""
    secret = session_cookie.secret_of(headers)
    session = Session.of_secret(secret) if secret else None
    if session is not None:
        session.delete()


def new_ticket(authorization: str) -> tuple[str, datetime]:
    """Return a ticket that begins a session of a token's owner, and until when.

    Raises
    ------
    Unauthorized
        There is no token: a session begins no other ones.
    """
    token, secret = token_of(authorization), secrets.token_urlsafe(32)
    ticket = Ticket.new(secret, token, TICKET_MINUTES * 60)
    ticket.save()
    return secret, ticket.ends


def _begin(token: TokenHash) -> SignedIn:
    identify_hash(token)
    secret = secrets.token_urlsafe(32)
    session = Session.new(secret, token, settings().session_days * _DAY_SECONDS)
    session.save()
    return replace(_signed_in(session), secret=secret)


def _signed_in(session: Session) -> SignedIn:
    try:
        caller, closes = identify_hash(session.token)
    except Unauthorized:
        raise Unauthorized(_ENDED) from None
    ends = session.ends if closes is None else min(session.ends, closes)
    return SignedIn(replace(caller, is_at_pages=True), ends)


def _refuse_others(headers: Headers) -> None:
    """Refuse to sign in a browser that would keep no session, or for another site's page, whoever's token that has."""
    if not session_cookie.is_kept(headers):
        raise Forbidden(_NOT_KEPT)
    if session_cookie.is_foreign(headers):
        raise Forbidden(_FOREIGN)
    if session_cookie.secret_of(headers) is not None and not session_cookie.is_ours("POST", headers):
        raise Forbidden(_NOT_OURS)
