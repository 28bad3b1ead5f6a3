"""Who wants to hear of which events, and where."""

from collections.abc import Iterator

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute, VersionAttribute

from chalicelib import clock
from chalicelib.analyses.run.listeners import SUBSCRIPTIONS
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem, sort_key

ACTIVE = "active"
PAUSED = "paused"


class Subscription(RegistryItem):
    """Who wants to hear of which events, and where. All lie in one partition, which is read whole."""

    author_id = IntegerAttribute()
    """Whose rights decide what is sent."""
    author_is_admin = BooleanAttribute(default=False)
    """Whether the token that it was made with was a System admin's."""
    group_ids = IntegerSetAttribute()
    url = UnicodeAttribute()
    events = JsonAttribute()
    form = UnicodeAttribute()
    state = UnicodeAttribute(default=ACTIVE)
    reason = UnicodeAttribute(null=True)
    """Why it is paused."""
    active_since = TimeAttribute(default_for_new=clock.now)
    """What happened before is not sent."""
    last_delivered = TimeAttribute(null=True)
    """When something was taken, to a few minutes."""
    key = BinaryAttribute(legacy_encoding=False)
    """The key that signs, encrypted."""
    old_key = BinaryAttribute(legacy_encoding=False, null=True)
    old_key_until = TimeAttribute(null=True)
    """Until when the key before it signs as well."""
    revision = VersionAttribute()
    """Counts the changes, so that none is lost when two are made at once."""

    @classmethod
    def numbered(cls, number: int) -> "Subscription":
        """Return a new item of this number, not stored yet."""
        return cls(SUBSCRIPTIONS, sort_key(number))

    @classmethod
    def of_id(cls, number: int) -> "Subscription | None":
        """Read a subscription."""
        try:
            return cls.get(SUBSCRIPTIONS, sort_key(number), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def all(cls) -> Iterator["Subscription"]:
        """Read all subscriptions, by number."""
        return cls.query(SUBSCRIPTIONS, consistent_read=True)

    @property
    def id(self) -> int:
        """The subscription's number."""
        return int(self.sk)

    @property
    def is_active(self) -> bool:
        """Whether events are sent."""
        return self.state == ACTIVE
