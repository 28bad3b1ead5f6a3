"""A run in the lists of one group."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute


class ByGroup(GlobalSecondaryIndex["ListEntry"]):  # type: ignore[no-untyped-call]
    """The runs in a group's list over all objects."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    seen_by_group_id = IntegerAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class ByGroupAndObject(GlobalSecondaryIndex["ListEntry"]):  # type: ignore[no-untyped-call]
    """The runs on an object that a group may see and the others may not."""

    class Meta:
        """The index."""

        index_name = "by_group_and_object"
        projection = KeysOnlyProjection()

    seen_of = UnicodeAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class ListEntry(Model):
    """One group's sight of one run."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    seen_by_group_id = IntegerAttribute()
    seen_of = UnicodeAttribute(null=True)
    by_group = ByGroup()
    by_group_and_object = ByGroupAndObject()

    _PREFIX = "seen#"

    @classmethod
    def of(cls, run: Run, group_id: int) -> "ListEntry":
        """Make the item for a group."""
        seen_of = cls.of_object(group_id, run.obj_id) if run.public_obj_id is None else None
        return cls(run.id, f"{cls._PREFIX}{group_id}", seen_by_group_id=group_id, seen_of=seen_of)

    @classmethod
    def of_run(cls, analysis_id: int) -> Iterator["ListEntry"]:
        """Read all sights of a run."""
        return cls.query(analysis_id, cls.sk.startswith(cls._PREFIX), consistent_read=True)

    @staticmethod
    def of_object(group_id: int, obj_id: str) -> str:
        """Return the key of what a group alone may see on an object."""
        return f"{group_id}#{obj_id}"
