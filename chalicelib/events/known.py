"""The subscriptions and their authors, as of a short while ago: what telling of one event after the other asks for."""

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.identity import caller_of_user
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


def author(user_id: int) -> Caller | None:
    """Return who a subscription belongs to, with the rights of a moment ago; None if the account is closed."""
    known = _authors.get(user_id)
    if known is None:
        known = caller_of_user(user_id)
        if known is not None:
            _authors.put(user_id, known)
    return known


def forget() -> None:
    """Look again: subscriptions changed in this process."""
    _subscriptions.clear()
