"""Signed dispatch: lets a service tell our requests from a stranger's, as Standard Webhooks describes it.

The secret is shown once, when it is made; stored is its ciphertext.
"""

import hashlib

from chalicelib import aws
from chalicelib.accounts.caller import Caller
from chalicelib.memory import Remembered
from chalicelib.outgoing.standard_webhooks import new_key, secret_of, signed_headers
from chalicelib.services import store
from chalicelib.services.items.service import Service
from chalicelib.settings import settings

_opened: Remembered[bytes] = Remembered(300, most=1024)


def renew(caller: Caller, service_id: int) -> str:
    """Make a new signing secret for a service and return it; an earlier one signs nothing from then on.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    key = new_key()
    sealed = aws.kms().encrypt(KeyId=settings().credentials_key, Plaintext=key, EncryptionContext=_context(service_id))[
        "CiphertextBlob"
    ]
    _set(caller, service_id, sealed)
    return secret_of(key)


def forget(caller: Caller, service_id: int) -> None:
    """Remove the secret: the service is sent unsigned requests again."""
    _set(caller, service_id, None)


def headers_of(service: Service, message_id: str, body: bytes) -> dict[str, str]:
    """Return the headers that sign a request; none if the service has no signing secret.

    Parameters
    ----------
    service : Service
        Whom it goes to.
    message_id : str
        The same whenever the same thing is sent again, so that the service can tell a repetition.
    body : bytes
        Exactly what is sent.
    """
    if not service.signing_secret:
        return {}
    return signed_headers(message_id, body, [_key(service)])


def _set(caller: Caller, service_id: int, sealed: bytes | None) -> None:
    def edit(service: Service) -> None:
        service.signing_secret = sealed

    store.revise(caller, service_id, edit)


def _key(service: Service) -> bytes:
    remembered_as = (service.service_id, hashlib.sha256(service.signing_secret).digest())
    key = _opened.get(remembered_as)
    if key is None:
        key = aws.kms().decrypt(
            KeyId=settings().credentials_key,
            CiphertextBlob=service.signing_secret,
            EncryptionContext=_context(service.service_id),
        )["Plaintext"]
        _opened.put(remembered_as, key)
    return key


def _context(service_id: int) -> dict[str, str]:
    return {"owner": f"service#{service_id}", "purpose": "signing"}
