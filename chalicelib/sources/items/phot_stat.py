"""The statistics of a source's photometry."""

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, VersionAttribute

from chalicelib.attributes import IntegerAttribute, TimeAttribute
from chalicelib.sources.items.item import Item

PHOT_STAT_SK = "phot_stat"


class PhotStat(Item, discriminator="phot_stat"):
    """The statistics of a source's photometry, changed in the same transaction as the points."""

    record_id = IntegerAttribute()
    state = BinaryAttribute(legacy_encoding=False, null=True)
    """What `phot_stats.State.packed` returns; None before the first point."""
    state_key = UnicodeAttribute(null=True)
    """Where a state lies that is too large for the item."""
    last_full_update = TimeAttribute(null=True)
    last_phot_add_time = TimeAttribute(null=True)
    """When the newest of the points was stored."""
    version = VersionAttribute()

    @classmethod
    def find(cls, obj_id: str) -> "PhotStat":
        """Read the statistics of a source that exists."""
        return cls.get(obj_id, PHOT_STAT_SK, consistent_read=True)
