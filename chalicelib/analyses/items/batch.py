"""One service over many objects."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute

BATCH_SK = "batch"


class ByAuthor(GlobalSecondaryIndex["Batch"]):  # type: ignore[no-untyped-call]
    """The batches of a person: in the index of what a group alone sees on an object, under keys of their own."""

    class Meta:
        """The index."""

        index_name = "by_group_and_object"
        projection = KeysOnlyProjection()

    seen_of = UnicodeAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class Batch(Model):
    """One service over many objects."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The batch's id; its runs have the ids behind it."""
    sk = UnicodeAttribute(range_key=True, default=BATCH_SK)
    called_service_id = IntegerAttribute()
    """Not `service_id`: a batch is not among the runs of the index by service."""
    author_id = IntegerAttribute()
    author_is_admin = BooleanAttribute(default=False)
    total = IntegerAttribute()
    chunks = IntegerAttribute()
    expanded = IntegerSetAttribute(default=set)
    """The chunks whose runs are recorded."""
    created = IntegerAttribute(default=0)
    refused = IntegerAttribute(default=0)
    looks = IntegerAttribute(default=0)
    final_states = JsonAttribute(null=True)
    """How many runs ended how, once all have."""
    created_at = TimeAttribute(default_for_new=clock.now)
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)
    cancelled_at = TimeAttribute(null=True)
    """When its author wanted no more of it."""
    expires = IntegerAttribute()
    seen_of = UnicodeAttribute(null=True)
    by_author = ByAuthor()

    @staticmethod
    def listed_for(author_id: int) -> str:
        """Return the key of a person's batches in the index; no group has such a number."""
        return f"batches#{author_id}"

    @property
    def id(self) -> int:
        """The id that callers know."""
        return self.analysis_id

    @classmethod
    def find(cls, batch_id: int) -> "Batch | None":
        """Read a batch."""
        try:
            return cls.get(batch_id, BATCH_SK, consistent_read=True)
        except cls.DoesNotExist:
            return None
