"""An API token, and its name among those of its owner."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.items.keys import IN_TOKEN, USERS, partition, token_partition
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.attributes import IntegerAttribute, JsonAttribute
from chalicelib.registry import RegistryItem


class Token(RegistryItem):
    """An API token, of which only the SHA-256 is known."""

    user_id = IntegerAttribute()
    name = UnicodeAttribute()
    acls = JsonAttribute(default=list)

    @classmethod
    def hashed(cls, hashed: TokenHash) -> "Token":
        """Return a new item, not stored yet."""
        return cls(token_partition(hashed.id), hashed.rest)

    @classmethod
    def of_hash(cls, hashed: TokenHash) -> "Token | None":
        """Read a token."""
        try:
            return cls.get(token_partition(hashed.id), hashed.rest, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_id(cls, token_id: str) -> list["Token"]:
        """Read the tokens whose hash begins with these 16 digits: none or one."""
        return list(cls.query(token_partition(token_id), consistent_read=True))

    @property
    def id(self) -> str:
        """The first 16 digits of the hash."""
        return self.pk.removeprefix(IN_TOKEN)


class TokenName(RegistryItem):
    """The name of a token among those of its owner."""

    token_pk = UnicodeAttribute()
    token_sk = UnicodeAttribute()

    @classmethod
    def of(cls, token: Token) -> "TokenName":
        """Return a new item, not stored yet."""
        return cls(partition(USERS, token.user_id), IN_TOKEN + token.name, token_pk=token.pk, token_sk=token.sk)

    @property
    def name(self) -> str:
        """The name."""
        return self.sk.removeprefix(IN_TOKEN)

    @property
    def hashed(self) -> TokenHash:
        """The hash of the token."""
        return TokenHash(self.token_pk.removeprefix(IN_TOKEN) + self.token_sk)

    @classmethod
    def of_user(cls, user_id: int) -> Iterator["TokenName"]:
        """Read the names of a user's tokens."""
        return cls.query(partition(USERS, user_id), cls.sk.startswith(IN_TOKEN), consistent_read=True)
