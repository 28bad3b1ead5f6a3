"""The endpoints of relays, and of what came through them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES, SYSTEM_ADMIN
from chalicelib.http.endpoint import Incoming
from chalicelib.http.endpoint import endpoint as open_endpoint
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import NotFound, Unauthorized
from chalicelib.http.late import Late
from chalicelib.http.pages import link_to_next
from chalicelib.http.parsing import Id, Query
from chalicelib.relay import relays
from chalicelib.relay.again import forward_again
from chalicelib.relay.asked import AskedBody, too_large
from chalicelib.relay.body import RelayBody
from chalicelib.relay.facts import relay_facts
from chalicelib.relay.receive import receive

if TYPE_CHECKING:
    from chalicelib.relay import answers
else:
    answers = Late("chalicelib.relay.answers")

blueprint = Blueprint(__name__)

_RELAYS = "/api/relay"
_RELAY = f"{_RELAYS}/{{relay_id}}"
_ANALYSIS = "/api/obj/analysis/{analysis_id}"


class RelaysQuery(Query):
    """Which page of the list."""

    cursor: Id = 0


def _authorization(headers: Mapping[str, str]) -> str:
    """Return the header that holds a relay's token; whose it is, the view finds out."""
    header = headers.get("authorization", "").strip()
    if not header:
        raise Unauthorized('A token is needed: send the header "Authorization: token <the relay\'s token>".')
    return header


@endpoint(blueprint, "POST", _RELAYS, permission=SYSTEM_ADMIN, answers=lambda: answers.NewRelay)
def post_relay(caller: Caller, body: RelayBody) -> dict[str, Any]:
    """Offer a registered service to another portal as one of its own; the token is shown this once."""
    return relays.make(caller, body)


@endpoint(blueprint, "GET", _RELAYS, permission=SYSTEM_ADMIN, answers=lambda: list[answers.Relay])
def get_relays(caller: Caller, query: RelaysQuery, incoming: Incoming) -> Reply:  # noqa: ARG001 - the edge checks who asks
    """List the relays, oldest first."""
    found, following = relays.records(query.cursor)
    return success(found, link_to_next(incoming.path, incoming.query, following))


@endpoint(blueprint, "GET", _RELAY, permission=SYSTEM_ADMIN, answers=lambda: answers.Relay)
def get_relay(caller: Caller, relay_id: int) -> dict[str, Any]:  # noqa: ARG001 - the same
    """Return one relay, without its token."""
    return relays.record(relay_id)


@endpoint(blueprint, "DELETE", _RELAY, permission=SYSTEM_ADMIN)
def delete_relay(caller: Caller, relay_id: int) -> None:  # noqa: ARG001 - the same
    """Revoke a relay at once; what came through it goes on, and is forwarded."""
    relays.revoke(relay_id)


@open_endpoint(
    blueprint,
    "POST",
    f"{_RELAY}/run",
    authenticate=_authorization,
    body=AskedBody,
    answers=lambda: answers.Taken,
    too_large=too_large,
)
def post_run(caller: str, relay_id: int, incoming: Incoming) -> dict[str, Any]:
    """Take what another portal posts to an analysis service, with the relay's token; answered before it is sent on."""
    return receive(relays.of_token(relay_id, caller), incoming.body)


@endpoint(blueprint, "GET", f"{_ANALYSIS}/relay", answers=lambda: answers.RelayFacts, raises=(NotFound,))
def read_relay_facts(caller: Caller, analysis_id: int) -> dict[str, Any]:
    """Say where an analysis came from that came through a relay, and what became of its end there."""
    return relay_facts(caller, analysis_id)


@endpoint(blueprint, "POST", f"{_ANALYSIS}/forward", permission=RUN_ANALYSES, raises=(NotFound,))
def forward_analysis(caller: Caller, analysis_id: int) -> None:
    """Forward the end of an analysis of one's own once more to the portal that asked for it."""
    forward_again(caller, analysis_id)
