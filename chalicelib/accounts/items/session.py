"""The pages' sessions, and the tickets that begin one: each by the SHA-256 of what its holder has."""

import time
from datetime import UTC, datetime
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.items.keys import IN_SESSION, IN_TICKET
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import RegistryItem


class _OfToken(RegistryItem):
    """Something secret that stands for a token, for a while."""

    token_digits = UnicodeAttribute()
    """The hash of the token, which must still be there."""
    expires = IntegerAttribute()
    """In seconds of Unix time; DynamoDB removes it some time afterwards."""

    _KIND = ""

    @classmethod
    def new(cls, secret: str, token: TokenHash, seconds: float) -> Self:
        """Return a new item, not stored yet."""
        hashed = TokenHash.of(secret)
        return cls(cls._KIND + hashed.id, hashed.rest, token_digits=token.digits, expires=int(time.time() + seconds))

    @classmethod
    def of_secret(cls, secret: str) -> Self | None:
        """Read what a secret stands for, unless it is over."""
        hashed = TokenHash.of(secret)
        try:
            found = cls.get(cls._KIND + hashed.id, hashed.rest, consistent_read=True)
        except cls.DoesNotExist:
            return None
        return found if found.expires > time.time() else None

    @property
    def token(self) -> TokenHash:
        """The token behind it."""
        return TokenHash(self.token_digits)

    @property
    def ends(self) -> datetime:
        """When it ends, as naive UTC."""
        return datetime.fromtimestamp(self.expires, UTC).replace(tzinfo=None)


class Session(_OfToken):
    """What the cookie of the pages stands for."""

    _KIND = IN_SESSION


class Ticket(_OfToken):
    """What a sign-in link carries; it begins one session."""

    _KIND = IN_TICKET
