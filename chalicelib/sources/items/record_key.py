"""The key of a record, found by its number."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.attributes import IntegerAttribute
from chalicelib.sources.items.item import TableMeta


class ByRecord(GlobalSecondaryIndex["RecordKey"]):  # type: ignore[no-untyped-call]
    """The records that have a number."""

    class Meta:
        """The index."""

        index_name = "by_record"
        projection = KeysOnlyProjection()

    record_id = IntegerAttribute(hash_key=True)


class RecordKey(Model):
    """The key of a record, found by its number; apart from `Item`, because the index does not hold the kind."""

    class Meta(TableMeta):
        """The table."""

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    record_id = IntegerAttribute()
    by_record = ByRecord()
