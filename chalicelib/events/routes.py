"""The endpoints of events."""

from typing import TYPE_CHECKING, Any

from chalice.app import Blueprint

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.events import deliveries, subscriptions
from chalicelib.events.body import NewSubscription, SubscriptionChanges
from chalicelib.http.endpoint import Incoming
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import Conflict
from chalicelib.http.late import Late, record
from chalicelib.http.pages import PageSize, link_to_next
from chalicelib.http.parsing import Id, Query

if TYPE_CHECKING:
    from chalicelib.events import answers
else:
    answers = Late("chalicelib.events.answers")

blueprint = Blueprint(__name__)

_ALL = "/api/event_subscriptions"
_ONE = f"{_ALL}/{{subscription_id}}"
_DELIVERIES = f"{_ONE}/deliveries"


@endpoint(blueprint, "POST", _ALL, permission=RUN_ANALYSES, answers=lambda: answers.Subscribed, raises=(Conflict,))
def post_subscription(caller: Caller, body: NewSubscription) -> dict[str, Any]:
    """Have events posted to a URL, signed as Standard Webhooks say; the secret is shown this once."""
    return subscriptions.create(caller, body)


class SubscriptionsQuery(Query):
    """Which page."""

    cursor: Id | None = None
    n: PageSize = 100


@endpoint(blueprint, "GET", _ALL, answers=lambda: list[answers.Subscription])
def list_subscriptions(caller: Caller, query: SubscriptionsQuery, incoming: Incoming) -> Reply:
    """List one's own event subscriptions, all of them for a System admin, by number."""
    found = [one for one in subscriptions.of_caller(caller) if query.cursor is None or one.id > query.cursor]
    shown = found[: query.n]
    then = shown[-1].id if len(found) > query.n else None
    records = [subscriptions.record_of(caller, one) for one in shown]
    return success(records, link_to_next(incoming.path, incoming.query, then))


@endpoint(blueprint, "GET", _ONE, answers=lambda: answers.Subscription)
def get_subscription(caller: Caller, subscription_id: int) -> dict[str, Any]:
    """Return an event subscription of one's own."""
    return subscriptions.record_of(caller, subscriptions.owned(caller, subscription_id))


@endpoint(blueprint, "PATCH", _ONE, permission=RUN_ANALYSES, answers=lambda: record.Nothing, raises=(Conflict,))
def patch_subscription(caller: Caller, subscription_id: int, body: SubscriptionChanges) -> None:
    """Change an event subscription of one's own, pause it, or resume it.

    What happens while it is paused is not sent later.
    """
    subscriptions.change(caller, subscription_id, body)


@endpoint(blueprint, "DELETE", _ONE, permission=RUN_ANALYSES, answers=lambda: record.Nothing, raises=(Conflict,))
def delete_subscription(caller: Caller, subscription_id: int) -> None:
    """Remove an event subscription of one's own."""
    subscriptions.remove(caller, subscription_id)


@endpoint(
    blueprint, "POST", f"{_ONE}/secret", permission=RUN_ANALYSES, answers=lambda: answers.Secret, raises=(Conflict,)
)
def post_secret(caller: Caller, subscription_id: int) -> dict[str, str]:
    """Replace the secret, and return the new one, this once; for a day both sign."""
    return {"secret": subscriptions.renew_secret(caller, subscription_id)}


@endpoint(
    blueprint, "POST", f"{_ONE}/test", permission=RUN_ANALYSES, answers=lambda: answers.Delivery, raises=(Conflict,)
)
def post_test(caller: Caller, subscription_id: int) -> dict[str, Any]:
    """Have an event of the kind `subscription.test` sent."""
    return deliveries.test(subscriptions.owned(caller, subscription_id))


class DeliveriesQuery(Query):
    """Which page."""

    cursor: Id | None = None
    n: PageSize = 50


@endpoint(blueprint, "GET", _DELIVERIES, answers=lambda: list[answers.Delivery], compressed=True)
def list_deliveries(caller: Caller, subscription_id: int, query: DeliveriesQuery, incoming: Incoming) -> Reply:
    """List what was sent in the last two weeks and what was answered, the latest event first."""
    records, then = deliveries.page(subscriptions.owned(caller, subscription_id), query.cursor, query.n)
    return success(records, link_to_next(incoming.path, incoming.query, then))


@endpoint(
    blueprint,
    "POST",
    f"{_DELIVERIES}/{{number}}/redeliver",
    permission=RUN_ANALYSES,
    answers=lambda: record.Nothing,
    raises=(Conflict,),
)
def redeliver(caller: Caller, subscription_id: int, number: int) -> None:
    """Send an event again, under the same webhook-id."""
    deliveries.redeliver(subscriptions.owned(caller, subscription_id), number)
