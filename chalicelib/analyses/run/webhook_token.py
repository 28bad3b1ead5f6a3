"""Webhook tokens: UUIDs of version 4 that carry the run's id and a MAC of it, so that nothing has to store them.

A UUID4 leaves 122 bits free: 53 for the id, 69 for a truncated HMAC-SHA256 under the site's secret. Guessing one
that verifies takes 2**69 tries on average, each of them a request.
"""

import hmac
import re
import uuid

from chalicelib import aws
from chalicelib.ids import ID_BITS
from chalicelib.memory import Remembered
from chalicelib.settings import settings

WEBHOOK_PATH = "/api/webhook/obj_analysis"

_FREE_BITS = 122
_MAC_BITS = _FREE_BITS - ID_BITS
_LOW_BITS = 62  # after the variant
_MIDDLE_BITS = 12  # between version and variant
_PATTERN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")

_CURRENT = "AWSCURRENT"
_PREVIOUS = "AWSPREVIOUS"

_secrets: Remembered[bytes] = Remembered(seconds=300)

_read_again: Remembered[bool] = Remembered(seconds=1)
"""So that a flood of made-up tokens is not one of questions to Secrets Manager."""


def token_of(run_id: int) -> str:
    """Derive the token of a run, a lower-case UUID4."""
    return _assembled(run_id, _mac(run_id, _secret(_CURRENT)))


def callback_url(token: str) -> str:
    """Return where the service posts its result: on the public URL, never on the host that a request named."""
    return f"{settings().public_url}{WEBHOOK_PATH}/{token}"


def upload_url(token: str) -> str:
    """Return where the service asks for a form to upload a result that is too large to be posted."""
    return f"{callback_url(token)}/upload"


def run_of(token: str) -> int | None:
    """Return the id of the run that a token belongs to, or None for a token that we did not make.

    Compares in constant time. A token made before the secret was rotated once is still accepted, and one made after a
    rotation that this process has not seen yet: what fits neither secret is compared once more with those of now.
    """
    if not _PATTERN.fullmatch(token):
        return None
    run_id, mac = _taken_apart(token)
    if _fits(run_id, mac) or (_forget_secrets() and _fits(run_id, mac)):
        return run_id
    return None


def is_of(token: str, run_id: int) -> bool:
    """Say whether a token is a run's; for one that names another run no secret is read."""
    return bool(_PATTERN.fullmatch(token)) and _taken_apart(token)[0] == run_id and run_of(token) == run_id


def _fits(run_id: int, mac: int) -> bool:
    if _same(mac, _mac(run_id, _secret(_CURRENT))):
        return True
    previous = _secret(_PREVIOUS)
    return bool(previous) and _same(mac, _mac(run_id, previous))


def _forget_secrets() -> bool:
    """Have the secrets read again; say whether that was done, which it is once a second."""
    if _read_again.get(_CURRENT):
        return False
    _read_again.put(_CURRENT, value=True)
    _secrets.clear()
    return True


def _mac(run_id: int, secret: bytes) -> int:
    digest = hmac.digest(secret, b"webhook:%d" % run_id, "sha256")
    return int.from_bytes(digest, "big") >> (8 * len(digest) - _MAC_BITS)


def _same(one: int, other: int) -> bool:
    size = (_MAC_BITS + 7) // 8
    return hmac.compare_digest(one.to_bytes(size, "big"), other.to_bytes(size, "big"))


def _assembled(run_id: int, mac: int) -> str:
    free = run_id << _MAC_BITS | mac
    high = free >> (_LOW_BITS + _MIDDLE_BITS)
    middle = free >> _LOW_BITS & (1 << _MIDDLE_BITS) - 1
    low = free & (1 << _LOW_BITS) - 1
    return str(uuid.UUID(int=high << 80 | 4 << 76 | middle << 64 | 2 << 62 | low))


def _taken_apart(token: str) -> tuple[int, int]:
    value = uuid.UUID(token).int
    low = value & (1 << _LOW_BITS) - 1
    middle = value >> 64 & (1 << _MIDDLE_BITS) - 1
    free = (value >> 80) << (_LOW_BITS + _MIDDLE_BITS) | middle << _LOW_BITS | low
    return free >> _MAC_BITS, free & (1 << _MAC_BITS) - 1


def _secret(stage: str) -> bytes:
    """Return the secret; empty if there is no previous one."""
    found = _secrets.get(stage)
    if found is None:
        manager = aws.secrets_manager()
        try:
            answer = manager.get_secret_value(SecretId=settings().webhook_secret, VersionStage=stage)
        except manager.exceptions.ResourceNotFoundException:
            if stage == _CURRENT:
                raise
            found = b""
        else:
            found = answer["SecretString"].encode()
        _secrets.put(stage, found)
    return found
