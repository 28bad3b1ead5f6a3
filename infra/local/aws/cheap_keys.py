"""Makes the RSA key of a key of KMS when something is signed with it.

moto makes one for each key, up to a quarter of a second long, and again when a folder brings the key back; a symmetric
one, such as the site's, never needs it.
"""

from functools import cached_property
from typing import Any

from moto.kms import models

_generate = models.generate_private_key


class _WhenAsked:
    """Stands for a private key.

    Parameters
    ----------
    key_spec : str
        Its kind.
    """

    def __init__(self, key_spec: str) -> None:
        self._key_spec = key_spec

    @cached_property
    def _made(self) -> Any:  # noqa: ANN401 - moto's
        return _generate(self._key_spec)

    def sign(self, message: bytes, signing_algorithm: str) -> bytes:
        """Sign a message."""
        signature: bytes = self._made.sign(message, signing_algorithm)
        return signature

    def verify(self, message: bytes, signature: bytes, signing_algorithm: str) -> bool:
        """Return whether a signature is that of a message."""
        is_valid: bool = self._made.verify(message, signature, signing_algorithm)
        return is_valid

    def public_key(self) -> bytes:
        """Return the public part, in DER."""
        public: bytes = self._made.public_key()
        return public


def install() -> None:
    """Let no key be made before it is used."""
    models.generate_private_key = _WhenAsked
