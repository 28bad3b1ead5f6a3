"""API tokens as the site knows them: by their SHA-256, never by themselves."""

import hashlib
import re
import uuid
from dataclasses import dataclass

_ID_LENGTH = 16
_ID = re.compile(rf"[0-9a-f]{{{_ID_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class TokenHash:
    """The SHA-256 of a token, as 64 hexadecimal digits."""

    digits: str

    @classmethod
    def of(cls, token: str) -> "TokenHash":
        """Hash a token."""
        return cls(hashlib.sha256(token.encode()).hexdigest())

    @property
    def id(self) -> str:
        """The part that may be shown."""
        return self.digits[:_ID_LENGTH]

    @property
    def rest(self) -> str:
        """The part that is only compared."""
        return self.digits[_ID_LENGTH:]


def new_token() -> str:
    """Return a new token: a UUID4, which holds 122 random bits."""
    return str(uuid.uuid4())


def is_token_id(text: str) -> bool:
    """Say whether a text is the part of a hash that may be shown, rather than a token."""
    return _ID.fullmatch(text) is not None
