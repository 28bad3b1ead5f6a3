"""People who share what they see."""

from collections.abc import Iterable, Iterator

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.accounts.items.keys import GROUPS
from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import RegistryItem, sort_key


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
