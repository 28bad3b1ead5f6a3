"""A person or a bot."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.accounts.items.keys import USERS
from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem, sort_key


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
