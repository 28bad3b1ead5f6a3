"""One user in one group."""

from collections.abc import Iterator

from pynamodb.attributes import BooleanAttribute

from chalicelib import clock
from chalicelib.accounts.items.keys import GROUPS, IN_GROUP, USERS, partition
from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import RegistryItem, sort_key

_USER_BITS = 27
"""For a hundred million users; the bits below 2**53 that are left are for as many groups."""


class Membership(RegistryItem):
    """One user in one group; stored twice, to be found from either."""

    user_id = IntegerAttribute()
    group_id = IntegerAttribute()
    admin = BooleanAttribute(default=False)
    can_save = BooleanAttribute(default=True)
    can_share_photometry = BooleanAttribute(default=False)

    @property
    def id(self) -> int:
        """A number that no other membership has: both numbers are small and counted."""
        return self.group_id << _USER_BITS | self.user_id

    @classmethod
    def sides(cls, user_id: int, group_id: int, **flags: bool) -> tuple["Membership", "Membership"]:
        """Return both items, not stored yet."""
        keys = (
            (partition(USERS, user_id), IN_GROUP + sort_key(group_id)),
            (partition(GROUPS, group_id), "user#" + sort_key(user_id)),
        )
        since = clock.now()
        seen_from_user, seen_from_group = (
            cls(*key, user_id=user_id, group_id=group_id, created_at=since, modified=since, **flags) for key in keys
        )
        return seen_from_user, seen_from_group

    @classmethod
    def of_user(cls, user_id: int) -> Iterator["Membership"]:
        """Read the groups of a user."""
        within = cls.sk.startswith(IN_GROUP)
        return cls.query(partition(USERS, user_id), within, consistent_read=True)

    @classmethod
    def of_group(cls, group_id: int) -> Iterator["Membership"]:
        """Read the members of a group."""
        return cls.query(partition(GROUPS, group_id), consistent_read=True)

    @classmethod
    def between(cls, user_id: int, group_id: int) -> "Membership | None":
        """Read the membership of a user in a group."""
        try:
            return cls.get(partition(USERS, user_id), IN_GROUP + sort_key(group_id), consistent_read=True)
        except cls.DoesNotExist:
            return None
