"""A source in the list of a group that saved it."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.attributes import IntegerAttribute, TimeAttribute
from chalicelib.registry import sort_key
from chalicelib.sources.items.item import TableMeta


class ByGroup(GlobalSecondaryIndex["Saved"]):  # type: ignore[no-untyped-call]
    """The sources that a group saved, by time."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    saved_group_id = IntegerAttribute(hash_key=True)
    saved_at = TimeAttribute(range_key=True)


class Saved(Model):
    """A source in a group's list; `Source.saves` says the same."""

    class Meta(TableMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    saved_group_id = IntegerAttribute()
    saved_at = TimeAttribute()
    by_group = ByGroup()

    @classmethod
    def of(cls, obj_id: str, group_id: int, saved_at: datetime) -> "Saved":
        """Return a new item, not stored yet."""
        return cls(obj_id, f"saved#{sort_key(group_id)}", saved_group_id=group_id, saved_at=saved_at)
