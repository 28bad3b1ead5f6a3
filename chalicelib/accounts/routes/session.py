"""The pages' session: a cookie that no script can read stands for a token."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from chalicelib.accounts import session_cookie, sessions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.routes.blueprint import answers, blueprint
from chalicelib.accounts.signed_in import description
from chalicelib.http.endpoint import Incoming
from chalicelib.http.endpoint import endpoint as open_endpoint
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import Forbidden, Unauthorized
from chalicelib.http.late import record
from chalicelib.http.parsing import Body
from chalicelib.settings import settings

Secret = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]

_DAY_SECONDS = 24 * 3600


class SignInBody(Body):
    """A token, or the ticket of a sign-in link."""

    token: Secret | None = Field(default=None, description="one of one's API tokens")
    ticket: Secret | None = Field(default=None, description="of a link that works once")

    @model_validator(mode="after")
    def _one_of_them(self) -> "SignInBody":
        if (self.token is None) == (self.ticket is None):
            raise ValueError("Give either token or ticket.")
        return self


@open_endpoint(
    blueprint, "POST", "/api/internal/session", answers=lambda: answers.SignedIn, raises=(Unauthorized, Forbidden)
)
def sign_in(body: SignInBody, incoming: Incoming) -> Reply:
    """Begin a session: sets a cookie that stands for the token until that is revoked, or for two weeks.

    Every endpoint takes the cookie in place of a token; a request that may change something must then come from our
    own pages (Sec-Fetch-Site: same-origin).
    """
    if body.token is not None:
        person = sessions.begin_with_token(body.token, incoming.headers)
    else:
        person = sessions.begin_with_ticket(body.ticket or "", incoming.headers)
    seconds = int(settings().session_days * _DAY_SECONDS)
    return success(description(person), session_cookie.setting(person.secret, seconds, incoming.headers))


@endpoint(blueprint, "GET", "/api/internal/session", answers=lambda: answers.SignedIn)
def get_session(caller: Caller, incoming: Incoming) -> dict[str, Any]:  # noqa: ARG001 - whoever asks
    """Say who is signed in, and what the token permits."""
    return description(sessions.who("GET", incoming.headers))


@endpoint(blueprint, "DELETE", "/api/internal/session", answers=lambda: record.Nothing)
def sign_out(caller: Caller, incoming: Incoming) -> Reply:  # noqa: ARG001 - whoever is signed in
    """End the session: the cookie is worthless from then on."""
    sessions.end(incoming.headers)
    return success(None, session_cookie.removing(incoming.headers))


@endpoint(blueprint, "POST", "/api/internal/session/ticket", answers=lambda: answers.SignInTicket)
def make_ticket(caller: Caller, incoming: Incoming) -> dict[str, Any]:  # noqa: ARG001 - whoever has a token
    """Make a ticket that begins one session of the token's owner, within a quarter of an hour: for a link `/#ticket=…`.

    It takes a token: a session makes no tickets.
    """
    ticket, expires_at = sessions.new_ticket(incoming.headers.get("authorization", ""))
    return {"ticket": ticket, "expires_at": expires_at}
