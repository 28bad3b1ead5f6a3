"""Makes moto's Secrets Manager as strict as Amazon's: 64 kB a secret, and names of 512 characters of a small set.

KMS needs nothing: moto refuses to encrypt more than 4096 bytes.
"""

import base64
import functools
import re
from collections.abc import Callable
from typing import Any

from moto.secretsmanager.exceptions import InvalidRequestException, ValidationException
from moto.secretsmanager.models import SecretsManagerBackend

MOST_BYTES = 65_536

_NAME = re.compile(r"[A-Za-z0-9/_+=.@-]{1,512}")
_OPERATIONS = ("create_secret", "put_secret_value", "update_secret")


def install() -> None:
    """Put the checks before moto's operations."""
    for name in _OPERATIONS:
        setattr(SecretsManagerBackend, name, _checked(getattr(SecretsManagerBackend, name)))


def _checked(operation: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(operation)
    def checked(backend: Any, **named: Any) -> Any:  # noqa: ANN401 - moto has no types
        name, text, binary = named.get("name"), named.get("secret_string"), named.get("secret_binary")
        if name is not None and not _NAME.fullmatch(name):
            raise ValidationException(
                "Invalid name. Must be a valid name containing alphanumeric characters, or any of: -/_+=.@!"
            )
        if max(len((text or "").encode()), len(base64.b64decode(binary or ""))) > MOST_BYTES:
            raise InvalidRequestException(f"The secret value has more than {MOST_BYTES} bytes.")
        return operation(backend, **named)

    return checked
