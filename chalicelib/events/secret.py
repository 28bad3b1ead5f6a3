"""The secret of a subscription: shown once, kept encrypted, replaced without a gap."""

import hashlib
from datetime import timedelta

from chalicelib import aws, clock
from chalicelib.events.items.subscription import Subscription
from chalicelib.memory import Remembered
from chalicelib.outgoing.standard_webhooks import new_key, secret_of
from chalicelib.settings import settings

BOTH_SIGN = timedelta(days=1)
"""How long the old secret signs beside the new one."""

_opened: Remembered[bytes] = Remembered(300, most=1024)


def renew(subscription: Subscription) -> str:
    """Give a subscription a new secret, to be stored by the caller, and return it; the one before signs for a day."""
    key = new_key()
    if subscription.key is not None:
        subscription.old_key, subscription.old_key_until = subscription.key, clock.now() + BOTH_SIGN
    subscription.key = aws.kms().encrypt(
        KeyId=settings().credentials_key, Plaintext=key, EncryptionContext=_context(subscription.id)
    )["CiphertextBlob"]
    return secret_of(key)


def keys_of(subscription: Subscription) -> list[bytes]:
    """Return the keys that sign now, the newest first."""
    sealed = [subscription.key]
    if subscription.old_key is not None and subscription.old_key_until > clock.now():
        sealed.append(subscription.old_key)
    return [_key(subscription.id, one) for one in sealed]


def _key(subscription_id: int, sealed: bytes) -> bytes:
    remembered_as = (subscription_id, hashlib.sha256(sealed).digest())
    key = _opened.get(remembered_as)
    if key is None:
        key = aws.kms().decrypt(
            KeyId=settings().credentials_key, CiphertextBlob=sealed, EncryptionContext=_context(subscription_id)
        )["Plaintext"]
        _opened.put(remembered_as, key)
    return key


def _context(subscription_id: int) -> dict[str, str]:
    return {"owner": f"event_subscription#{subscription_id}", "purpose": "signing"}
