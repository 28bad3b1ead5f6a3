"""Signed dispatch: lets a service tell our requests from a stranger's, as Standard Webhooks describes it.

The secret is shown once, when it is made; stored is its ciphertext.
"""

from chalicelib.accounts.caller import Caller
from chalicelib.outgoing.standard_webhooks import new_key, secret_of, signed_headers
from chalicelib.sealing import seal, signing_key
from chalicelib.services import store
from chalicelib.services.credentials import owner_of
from chalicelib.services.items.service import Service


def renew(caller: Caller, service_id: int) -> str:
    """Make a new signing secret for a service and return it; an earlier one signs nothing from then on.

    Raises
    ------
    Forbidden
        The caller does not reach the service.
    """
    key = new_key()
    _set(caller, service_id, seal(key, owner_of(service_id), purpose="signing"))
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
    return signed_headers(message_id, body, [signing_key(service.signing_secret, owner_of(service.service_id))])


def _set(caller: Caller, service_id: int, sealed: bytes | None) -> None:
    def edit(service: Service) -> None:
        service.signing_secret = sealed

    store.revise(caller, service_id, edit)
