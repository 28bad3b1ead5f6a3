"""People, groups and tokens in the registry table.

========================  =================  ==========================================
pk                        sk                 item
========================  =================  ==========================================
user                      <user id>          User
group                     <group id>         Group
user#<user id>            group#<group id>   Membership, as seen from the user
group#<group id>          user#<user id>     the same Membership, as seen from the group
user#<user id>            token#<name>       TokenName: makes names unique, lists the tokens
user#<user id>            preferences        Preferences
user#<user id>            request#<digits>   AnsweredRequest, by the SHA-256 of its path and idempotency key
token#<16 digits>         <48 digits>        Token, by the SHA-256 of what the owner holds
name#username#<name>      lock               NameLock (registry)
name#group#<name>         lock               NameLock (registry)
========================  =================  ==========================================
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    UnicodeAttribute,
    VersionAttribute,
)

from chalicelib import clock
from chalicelib.accounts.token_hash import TokenHash
from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem, sort_key

USERS = "user"
GROUPS = "group"
_IN_GROUP = "group#"
_IN_TOKEN = "token#"  # noqa: S105 - a prefix of keys


class User(RegistryItem):
    """A person or a bot."""

    username = UnicodeAttribute()
    first_name = UnicodeAttribute(null=True)
    last_name = UnicodeAttribute(null=True)
    bio = UnicodeAttribute(null=True)
    affiliations = JsonAttribute(default=list)
    contact_email = UnicodeAttribute(null=True)
    contact_phone = UnicodeAttribute(null=True)
    oauth_uid = UnicodeAttribute(null=True)
    is_bot = BooleanAttribute(default=False)
    roles = JsonAttribute(default=list)
    expiration_date = TimeAttribute(null=True)
    group_count = IntegerAttribute(default=0)
    """Memberships, counted so that their limit holds under parallel requests."""

    @classmethod
    def numbered(cls, number: int) -> "User":
        """Return a new item of this number, not stored yet."""
        return cls(USERS, sort_key(number))

    @classmethod
    def of_id(cls, number: int) -> "User | None":
        """Read a user."""
        try:
            return cls.get(USERS, sort_key(number), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_ids(cls, numbers: Iterable[int]) -> list["User"]:
        """Read several users, in any order."""
        return list(cls.batch_get([(USERS, sort_key(number)) for number in set(numbers)], consistent_read=True))

    @classmethod
    def all(cls) -> Iterator["User"]:
        """Read all users, by number."""
        return cls.query(USERS, consistent_read=True)

    @property
    def id(self) -> int:
        """The user's number."""
        return int(self.sk)

    def expired(self, moment: datetime) -> bool:
        """Say whether the account is closed at this moment."""
        return self.expiration_date is not None and self.expiration_date <= moment


class Group(RegistryItem):
    """People who share what they see."""

    name = UnicodeAttribute()
    nickname = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    auto_accept_requests = BooleanAttribute(default=False)
    admin_count = IntegerAttribute(default=0)
    """Administrators, counted so that the last one stays under parallel requests."""

    @classmethod
    def numbered(cls, number: int) -> "Group":
        """Return a new item of this number, not stored yet."""
        return cls(GROUPS, sort_key(number))

    @classmethod
    def of_ids(cls, numbers: Iterable[int]) -> list["Group"]:
        """Read several groups, in any order."""
        return list(cls.batch_get([(GROUPS, sort_key(number)) for number in set(numbers)], consistent_read=True))

    @classmethod
    def all(cls) -> Iterator["Group"]:
        """Read all groups, by number."""
        return cls.query(GROUPS, consistent_read=True)

    @property
    def id(self) -> int:
        """The group's number."""
        return int(self.sk)


class Membership(RegistryItem):
    """One user in one group; stored twice, to be found from either."""

    user_id = IntegerAttribute()
    group_id = IntegerAttribute()
    admin = BooleanAttribute(default=False)
    can_save = BooleanAttribute(default=True)
    can_share_photometry = BooleanAttribute(default=False)

    @classmethod
    def sides(cls, user_id: int, group_id: int, **flags: bool) -> tuple["Membership", "Membership"]:
        """Return both items, not stored yet."""
        keys = (
            (_partition(USERS, user_id), _IN_GROUP + sort_key(group_id)),
            (_partition(GROUPS, group_id), "user#" + sort_key(user_id)),
        )
        since = clock.now()
        seen_from_user, seen_from_group = (
            cls(*key, user_id=user_id, group_id=group_id, created_at=since, modified=since, **flags) for key in keys
        )
        return seen_from_user, seen_from_group

    @classmethod
    def of_user(cls, user_id: int) -> Iterator["Membership"]:
        """Read the groups of a user."""
        within = cls.sk.startswith(_IN_GROUP)
        return cls.query(_partition(USERS, user_id), within, consistent_read=True)

    @classmethod
    def of_group(cls, group_id: int) -> Iterator["Membership"]:
        """Read the members of a group."""
        return cls.query(_partition(GROUPS, group_id), consistent_read=True)

    @classmethod
    def between(cls, user_id: int, group_id: int) -> "Membership | None":
        """Read the membership of a user in a group."""
        try:
            return cls.get(_partition(USERS, user_id), _IN_GROUP + sort_key(group_id), consistent_read=True)
        except cls.DoesNotExist:
            return None


class Token(RegistryItem):
    """An API token, of which only the SHA-256 is known."""

    user_id = IntegerAttribute()
    name = UnicodeAttribute()
    acls = JsonAttribute(default=list)

    @classmethod
    def hashed(cls, hashed: TokenHash) -> "Token":
        """Return a new item, not stored yet."""
        return cls(_token_partition(hashed.id), hashed.rest)

    @classmethod
    def of_hash(cls, hashed: TokenHash) -> "Token | None":
        """Read a token."""
        try:
            return cls.get(_token_partition(hashed.id), hashed.rest, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_id(cls, token_id: str) -> list["Token"]:
        """Read the tokens whose hash begins with these 16 digits: none or one."""
        return list(cls.query(_token_partition(token_id), consistent_read=True))

    @property
    def id(self) -> str:
        """The first 16 digits of the hash."""
        return self.pk.removeprefix(_IN_TOKEN)


class TokenName(RegistryItem):
    """The name of a token among those of its owner."""

    token_pk = UnicodeAttribute()
    token_sk = UnicodeAttribute()

    @classmethod
    def of(cls, token: Token) -> "TokenName":
        """Return a new item, not stored yet."""
        partition = _partition(USERS, token.user_id)
        return cls(partition, _IN_TOKEN + token.name, token_pk=token.pk, token_sk=token.sk)

    @classmethod
    def of_user(cls, user_id: int) -> Iterator["TokenName"]:
        """Read the names of a user's tokens."""
        return cls.query(_partition(USERS, user_id), cls.sk.startswith(_IN_TOKEN), consistent_read=True)


class Preferences(RegistryItem):
    """What a user has chosen; apart from the user, because it may be large."""

    values = JsonAttribute(default=dict)
    openai_api_key = BinaryAttribute(legacy_encoding=False, null=True)
    """Encrypted under an encryption context that names the user."""
    version = VersionAttribute()

    @classmethod
    def of_user(cls, user_id: int) -> "Preferences":
        """Read a user's preferences; a new, empty item if there are none."""
        key = (_partition(USERS, user_id), "preferences")
        try:
            return cls.get(*key, consistent_read=True)
        except cls.DoesNotExist:
            return cls(*key)


class AnsweredRequest(RegistryItem):
    """A request with an idempotency key, and its answer once there is one."""

    body_hash = UnicodeAttribute()
    reserved_id = IntegerAttribute()
    """What the request starts has this id, whoever goes on with the request."""
    locked_until = TimeAttribute()
    answer = JsonAttribute(null=True)
    expires = IntegerAttribute()

    @classmethod
    def key(cls, user_id: int, digest: str) -> tuple[str, str]:
        """Return the key of a request."""
        return _partition(USERS, user_id), f"request#{digest}"


def _partition(kind: str, number: int) -> str:
    return f"{kind}#{number}"


def _token_partition(token_id: str) -> str:
    return _IN_TOKEN + token_id
