"""The secret of a subscription: shown once, kept encrypted, replaced without a gap."""

from datetime import timedelta

from chalicelib import clock
from chalicelib.events.items.subscription import Subscription
from chalicelib.outgoing.standard_webhooks import new_key, secret_of
from chalicelib.sealing import seal, signing_key

BOTH_SIGN = timedelta(days=1)
"""How long the old secret signs beside the new one."""


def renew(subscription: Subscription) -> str:
    """Give a subscription a new secret, to be stored by the caller, and return it; the one before signs for a day."""
    key = new_key()
    if subscription.key is not None:
        subscription.old_key, subscription.old_key_until = subscription.key, clock.now() + BOTH_SIGN
    subscription.key = seal(key, _owner(subscription.id), purpose="signing")
    return secret_of(key)


def keys_of(subscription: Subscription) -> list[bytes]:
    """Return the keys that sign now, the newest first."""
    sealed = [subscription.key]
    if subscription.old_key is not None and subscription.old_key_until > clock.now():
        sealed.append(subscription.old_key)
    return [signing_key(one, _owner(subscription.id)) for one in sealed]


def _owner(subscription_id: int) -> str:
    return f"event_subscription#{subscription_id}"
