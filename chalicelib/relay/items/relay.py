"""A relay: a registered service offered to another portal as one of its own."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, JsonAttribute
from chalicelib.registry import RegistryItem, sort_key

_RELAYS = "relays"


class Relay(RegistryItem):
    """A relay, of whose token only the SHA-256 is known; a revoked one is removed."""

    service_id = IntegerAttribute()
    author_id = IntegerAttribute()
    group_ids = IntegerSetAttribute()
    callback_hosts = JsonAttribute()
    """Lower-case hosts, with a port where only that one is meant."""
    token_hash = UnicodeAttribute()
    pull_url = UnicodeAttribute(null=True)
    """Where the portal's API is, if sources are copied from there."""
    pull_token = BinaryAttribute(legacy_encoding=False, null=True)
    """A token of the portal, encrypted."""

    @classmethod
    def numbered(cls, number: int) -> "Relay":
        """Return a new item, not stored yet."""
        return cls(_RELAYS, sort_key(number))

    @classmethod
    def of_id(cls, number: int) -> "Relay | None":
        """Read a relay."""
        try:
            return cls.get(_RELAYS, sort_key(number), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def after(cls, number: int, most: int) -> list["Relay"]:
        """Read the relays after this one, oldest first."""
        found = cls.query(_RELAYS, cls.sk > sort_key(number), consistent_read=True, limit=most)
        return list(found)

    @property
    def id(self) -> int:
        """Its number."""
        return int(self.sk)
