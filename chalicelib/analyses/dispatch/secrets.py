"""What a document is sent with: callback, credentials, a language model's key, signature. Nothing of it is stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from requests.auth import AuthBase

from chalicelib.analyses.dispatch import language_model
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import webhook_token
from chalicelib.http.encoding import json_bytes
from chalicelib.services import signing
from chalicelib.services.credentials import apply, credentials_of, secrets_of
from chalicelib.services.items.service import Service


@dataclass(frozen=True, slots=True, repr=False)
class Complete:
    """What goes over the wire."""

    body: bytes
    headers: Mapping[str, str]
    auth: AuthBase | None
    secrets: tuple[str, ...]
    """Services echo what they get, and their answer is shown: these texts are blotted out of it."""


def with_secrets(run: Run, service: Service, document: Mapping[str, Any]) -> Complete:
    """Add to a document what nobody but the service may see.

    Raises
    ------
    botocore.exceptions.ClientError
        KMS refused: try again.
    """
    token = webhook_token.token_of(run.id)
    added = language_model.added_to(run, service)
    credentials = credentials_of(service)
    complete = added.to(
        {"callback_url": webhook_token.callback_url(token), **document, "upload_url": webhook_token.upload_url(token)}
    )
    complete, headers, auth = apply(credentials, complete, {})
    body = json_bytes(complete)
    return Complete(
        body,
        {**headers, **signing.headers_of(service, f"analysis_{run.id}", body)},
        auth,
        (*secrets_of(credentials), *added.secrets, token),
    )
