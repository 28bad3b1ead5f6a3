"""Relays: made, listed and revoked by administrators, and found by the token that another portal sends."""

import hmac
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.accounts.token_hash import TokenHash, new_token
from chalicelib.analyses.limits import MAX_GROUPS
from chalicelib.analyses.run.sealed import seal
from chalicelib.analyses.start.start import check_is_called, usable_service
from chalicelib.http.errors import Forbidden, Unauthorized
from chalicelib.http.pages import MAX_ROWS
from chalicelib.registry import next_number
from chalicelib.relay.body import RelayBody, check
from chalicelib.relay.items.relay import Relay
from chalicelib.services.items.service import Service
from chalicelib.settings import settings

_SCHEMES = {"token", "bearer"}
_UNKNOWN = "Unknown relay, or not its token: register the relay's URL with its token as header_token."


def make(caller: Caller, body: RelayBody) -> dict[str, Any]:
    """Make a relay and return it with its token, the only time that it is shown.

    Raises
    ------
    BadRequest
        A host, or the portal's URL, may not be called.
    Forbidden
        The service is unknown, disabled or takes uploads only; or there is no such group.
    """
    check(body)
    check_is_called(usable_service(caller, body.service_id, Service.of_id(body.service_id)))
    groups = chosen_groups(caller, body.group_ids, most=MAX_GROUPS)
    token, number = new_token(), next_number("relay")
    relay = Relay.numbered(number)
    relay.service_id, relay.author_id = body.service_id, caller.user_id
    relay.group_ids, relay.callback_hosts = set(groups), list(dict.fromkeys(body.callback_hosts))
    relay.token_hash = TokenHash.of(token).digits
    if body.pull is not None:
        relay.pull_url = body.pull.url.rstrip("/").removesuffix("/api")
        relay.pull_token = seal(number, body.pull.token.get_secret_value())
    relay.save()
    return {"id": number, "url": url_of(number), "token": token}


def records(after: int) -> tuple[list[dict[str, Any]], int | None]:
    """Return a page of relays, oldest first, without their tokens, and after which one the next begins."""
    relays = Relay.after(after, MAX_ROWS + 1)
    following = relays[MAX_ROWS - 1].id if len(relays) > MAX_ROWS else None
    relays = relays[:MAX_ROWS]
    services = {one.service_id: one for one in Service.of_ids({relay.service_id for relay in relays})}
    return [_record(relay, services.get(relay.service_id)) for relay in relays], following


def record(relay_id: int) -> dict[str, Any]:
    """Return one relay; raise Forbidden if there is none."""
    relay = _found(relay_id)
    return _record(relay, Service.of_id(relay.service_id))


def revoke(relay_id: int) -> None:
    """Remove a relay at once; what came through it goes on, and is forwarded."""
    _found(relay_id).delete()


def of_token(relay_id: int, authorization: str) -> Relay:
    """Return a relay to whom sends its token, as `token <it>`, `Bearer <it>` or by itself.

    Raises
    ------
    Unauthorized
        No token, another one, or there is no such relay: the answer is the same.
    """
    given = TokenHash.of(_bare(authorization)).digits
    relay = Relay.of_id(relay_id)
    known = "" if relay is None else relay.token_hash
    if not hmac.compare_digest(given, known) or relay is None:
        raise Unauthorized(_UNKNOWN)
    return relay


def url_of(relay_id: int) -> str:
    """Return the URL that the other portal registers."""
    return f"{settings().public_url}/api/relay/{relay_id}/run"


def _bare(authorization: str) -> str:
    scheme, _, rest = authorization.strip().partition(" ")
    return rest.strip() if scheme.lower() in _SCHEMES and rest.strip() else authorization.strip()


def _found(relay_id: int) -> Relay:
    relay = Relay.of_id(relay_id)
    if relay is None:
        raise Forbidden("Cannot access this relay.")
    return relay


def _record(relay: Relay, service: Service | None) -> dict[str, Any]:
    return {
        "id": relay.id,
        "service_id": relay.service_id,
        "service": None if service is None else service.display_name or service.name,
        "url": url_of(relay.id),
        "callback_hosts": relay.callback_hosts,
        "group_ids": sorted(relay.group_ids),
        "author_id": relay.author_id,
        "created_at": clock.iso(relay.created_at),
        "pull": None if relay.pull_url is None else {"url": relay.pull_url},
    }
