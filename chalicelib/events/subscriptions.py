"""Makes, changes and removes subscriptions, and says which a caller has."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups, group_records
from chalicelib.analyses.run import listeners
from chalicelib.analyses.run.listeners import SUBSCRIPTIONS
from chalicelib.events import known, secret
from chalicelib.events.body import NewSubscription, SubscriptionChanges
from chalicelib.events.items.subscription import ACTIVE, PAUSED, Subscription
from chalicelib.http.errors import BadRequest, Conflict, Forbidden
from chalicelib.places import save_in
from chalicelib.registry import next_number

MOST_OF_A_USER = 20
MOST_OF_A_SITE = 1000
"""All are read at once, in half a minute once by each process that tells of events."""

BY_HAND = "It was paused by hand."
_ATTEMPTS = 5


def create(caller: Caller, wanted: NewSubscription) -> dict[str, Any]:
    """Store a subscription and return its id and its secret.

    Raises
    ------
    Forbidden
        The caller is not in one of the groups.
    BadRequest
        There are too many.
    Conflict
        Others subscribe at the same time, again and again.
    """
    group_ids = chosen_groups(caller, wanted.group_ids)
    subscription = Subscription.numbered(next_number("event_subscription"))
    subscription.author_id, subscription.author_is_admin = caller.user_id, caller.is_admin
    subscription.group_ids = set(group_ids)
    subscription.url, subscription.events, subscription.form = wanted.url, wanted.events, wanted.form
    shown = secret.renew(subscription)
    save_in(SUBSCRIPTIONS, lambda: _check_room(caller), subscription)
    _forget()
    return {"id": subscription.id, "secret": shown}


def of_caller(caller: Caller) -> list[Subscription]:
    """Return the caller's subscriptions, all to a System admin, by number."""
    return [one for one in Subscription.all() if caller.is_admin or one.author_id == caller.user_id]


def owned(caller: Caller, number: int) -> Subscription:
    """Return a subscription to its author or a System admin.

    Raises
    ------
    Forbidden
        Somebody else's, or there is none.
    """
    found = Subscription.of_id(number)
    if found is None or not (caller.is_admin or found.author_id == caller.user_id):
        raise Forbidden("Cannot access this event subscription.")
    return found


def change(caller: Caller, number: int, changes: SubscriptionChanges) -> None:
    """Change a subscription.

    Raises
    ------
    Forbidden
        It is not the caller's, or a group is not.
    BadRequest
        Nothing is to change.
    """
    if not changes.model_dump(exclude_none=True):
        raise BadRequest("Give at least one of url, events, group_ids, form and state.")

    def edit(subscription: Subscription) -> None:
        if changes.group_ids:
            subscription.group_ids = set(chosen_groups(caller, changes.group_ids))
        for name in ("url", "events", "form"):
            if (value := getattr(changes, name)) is not None:
                setattr(subscription, name, value)
        if changes.state == PAUSED and subscription.is_active:
            subscription.state, subscription.reason = PAUSED, BY_HAND
        if changes.state == ACTIVE and not subscription.is_active:
            subscription.state, subscription.reason, subscription.active_since = ACTIVE, None, clock.now()

    revise(lambda: owned(caller, number), edit)


def renew_secret(caller: Caller, number: int) -> str:
    """Give a subscription a new secret and return it."""
    shown = ""

    def edit(subscription: Subscription) -> None:
        nonlocal shown
        shown = secret.renew(subscription)

    revise(lambda: owned(caller, number), edit)
    return shown


def pause(number: int, reason: str, *, unless: Callable[[Subscription], bool] = lambda _: False) -> None:
    """Pause a subscription that is active, and say why; nothing if it is gone."""

    def found() -> Subscription | None:
        subscription = Subscription.of_id(number)
        return subscription if subscription is not None and subscription.is_active else None

    def edit(subscription: Subscription) -> None:
        if not unless(subscription):
            subscription.state, subscription.reason = PAUSED, reason

    revise(found, edit)


def remove(caller: Caller, number: int) -> None:
    """Remove a subscription; what waits to be sent is dropped when its time comes."""
    owned(caller, number)
    for _ in range(_ATTEMPTS):
        if transactions.holds(owned(caller, number).delete):
            _forget()
            return
    raise Conflict("This event subscription is being changed at the same time. Try again.")


def record_of(caller: Caller, subscription: Subscription) -> dict[str, Any]:
    """Return a subscription as its owner sees it."""
    until = subscription.old_key_until
    seen = subscription.group_ids if caller.is_admin else subscription.group_ids & caller.group_ids
    return {
        "id": subscription.id,
        "author_id": subscription.author_id,
        "url": subscription.url,
        "events": subscription.events,
        "groups": group_records(seen),
        "form": subscription.form,
        "state": subscription.state,
        "reason": subscription.reason,
        "created_at": subscription.created_at,
        "modified": subscription.modified,
        "active_since": subscription.active_since,
        "last_delivered": subscription.last_delivered,
        "old_secret_until": until if until is not None and until > clock.now() else None,
    }


def revise(find: Callable[[], Subscription | None], edit: Callable[[Subscription], None]) -> None:
    """Read a subscription, edit it and store it, again if somebody else wrote it in between."""
    for _ in range(_ATTEMPTS):
        subscription = find()
        if subscription is None:
            return
        edit(subscription)
        subscription.modified = clock.now()
        if transactions.holds(subscription.save):
            _forget()
            return
    raise Conflict("This event subscription is being changed by others at the same time. Try again.")


def _check_room(caller: Caller) -> None:
    everybodys = list(Subscription.all())
    if sum(one.author_id == caller.user_id for one in everybodys) >= MOST_OF_A_USER:
        raise BadRequest(f"You have {MOST_OF_A_USER} event subscriptions, and may have no more: delete one first.")
    if len(everybodys) >= MOST_OF_A_SITE:
        raise BadRequest(f"This site has {MOST_OF_A_SITE} event subscriptions, and takes no more.")


def _forget() -> None:
    listeners.forget()
    known.forget()
