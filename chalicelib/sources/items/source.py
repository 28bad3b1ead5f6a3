"""The source itself."""

import uuid
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute, VersionAttribute

from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute
from chalicelib.sources import blobs
from chalicelib.sources.items.item import Item

SOURCE_SK = "source"


class Source(Item, discriminator="source"):
    """An object on the sky that at least one group has saved, or had."""

    ra = FloatAttribute()
    dec = FloatAttribute()
    dec_band = IntegerAttribute(null=True)
    """Of the position, for the index by_position; kept by whoever writes a source."""
    redshift = FloatAttribute(null=True)
    redshift_error = FloatAttribute(null=True)
    redshift_origin = UnicodeAttribute(null=True)
    redshift_history = JsonAttribute(default=list)
    summary = UnicodeAttribute(null=True)
    searched = UnicodeAttribute(null=True)
    """What of its summary, and for whom, the search was told last; None without a summary."""
    packed_summary_history = BinaryAttribute(legacy_encoding=False, null=True)
    altdata = JsonAttribute(null=True)
    internal_key = UnicodeAttribute(default_for_new=lambda: str(uuid.uuid4()), null=True)
    columns = JsonAttribute(default=dict)
    """The columns of SkyPortal's source that nothing here depends on, by name."""
    saves = JsonAttribute(default=dict)
    """Who saved it to a group and when: {group id as text: [ISO time, user id]}."""
    group_ids = IntegerSetAttribute(default=set, null=True)
    """The groups it is saved to; empty when it was removed from all."""
    version = VersionAttribute()

    @classmethod
    def find(cls, obj_id: str) -> "Source | None":
        """Read a source by its id, whoever may see it."""
        try:
            return cls.get(obj_id, SOURCE_SK, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @property
    def summary_history(self) -> list[dict[str, Any]]:
        """The summaries, newest first."""
        packed = self.packed_summary_history
        history: list[dict[str, Any]] = [] if packed is None else blobs.unpack(packed)
        return history
