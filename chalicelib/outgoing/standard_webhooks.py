"""Signatures by which a receiver tells our requests from a stranger's, as Standard Webhooks describes them.

A signature covers id, time and body: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

import base64
import hmac
import secrets
from collections.abc import Iterable
from datetime import UTC

from chalicelib import clock

_PREFIX = "whsec_"
_KEY_BYTES = 32


def new_key() -> bytes:
    """Make a key."""
    return secrets.token_bytes(_KEY_BYTES)


def secret_of(key: bytes) -> str:
    """Return a key as its owner is shown it."""
    return _PREFIX + base64.b64encode(key).decode()


def signed_headers(message_id: str, body: bytes, keys: Iterable[bytes]) -> dict[str, str]:
    """Return the headers of a message, with a signature by each of these keys.

    Parameters
    ----------
    message_id : str
        The same whenever the same thing is sent again, so that the receiver can tell a repetition.
    body : bytes
        Exactly what is sent.
    keys : iterable of bytes
        While a secret is being replaced, the new one and the old one.
    """
    seconds = int(clock.now().replace(tzinfo=UTC).timestamp())
    signed = f"{message_id}.{seconds}.".encode() + body
    signatures = (base64.b64encode(hmac.digest(key, signed, "sha256")).decode() for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(seconds),
        "webhook-signature": " ".join(f"v1,{signature}" for signature in signatures),
    }
