"""The subscriptions and their authors, as of a short while ago: what telling of one event after the other asks for."""

from dataclasses import replace

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.identity import caller_of_user
from chalicelib.accounts.permissions import SYSTEM_ADMIN
from chalicelib.events.items.subscription import Subscription
from chalicelib.memory import Remembered

REMEMBERED_SECONDS = 15.0

_subscriptions: Remembered[list[Subscription]] = Remembered(REMEMBERED_SECONDS, most=1)
_authors: Remembered[Caller] = Remembered(REMEMBERED_SECONDS)


def active() -> list[Subscription]:
    """Return the subscriptions that are not paused."""
    known = _subscriptions.get(None)
    if known is None:
        known = [one for one in Subscription.all() if one.is_active]
        _subscriptions.put(None, known)
    return known


def author(subscription: Subscription) -> Caller | None:
    """Return who a subscription belongs to, with the rights of a moment ago; None if the account is closed."""
    known = _authors.get(subscription.id)
    if known is None:
        known = author_now(subscription)
        if known is not None:
            _authors.put(subscription.id, known)
    return known


def author_now(subscription: Subscription) -> Caller | None:
    """Return the same with the rights of this moment: those of a System admin only if the token had them, too."""
    found = caller_of_user(subscription.author_id)
    if found is None or subscription.author_is_admin:
        return found
    return replace(found, permissions=found.permissions - {SYSTEM_ADMIN})


def forget() -> None:
    """Look again: subscriptions changed in this process."""
    _subscriptions.clear()
