"""A group that reaches a service."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import sort_key
from chalicelib.services.items.table import TableMeta

EVERYTHING = 0
"""Stands for a group that reaches every service: no group has this number."""


class ByGroup(GlobalSecondaryIndex["Reach"]):  # type: ignore[no-untyped-call]
    """The services that a group reaches."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    reach_group_id = IntegerAttribute(hash_key=True)
    service_id = IntegerAttribute(range_key=True)


class Reach(Model):
    """One group that reaches one service."""

    class Meta(TableMeta):
        """The table."""

    service_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    reach_group_id = IntegerAttribute()
    by_group = ByGroup()

    @classmethod
    def between(cls, service_id: int, group_id: int) -> "Reach":
        """Return a new item, not stored yet."""
        return cls(service_id, f"reach#{sort_key(group_id)}", reach_group_id=group_id)

    @classmethod
    def services_of(cls, group_id: int) -> Iterator[int]:
        """Read the numbers of the services that a group reaches."""
        return (reach.service_id for reach in cls.by_group.query(group_id))
