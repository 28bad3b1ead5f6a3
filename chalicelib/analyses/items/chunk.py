"""A part of a batch that was expanded."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, JsonAttribute


class Chunk(Model):
    """A part of a batch that was expanded: which runs it became, and what was refused."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The batch's id."""
    sk = UnicodeAttribute(range_key=True)
    run_ids = JsonAttribute()
    """In the order of the objects; null where none was started."""
    refusals = JsonAttribute()
    """Object id and reason of each refusal."""
    expires = IntegerAttribute()

    PREFIX = "chunk#"

    @classmethod
    def key(cls, number: int) -> str:
        """Return the sort key of a chunk."""
        return f"{cls.PREFIX}{number:06d}"

    @classmethod
    def of_batch(cls, batch_id: int) -> "Iterator[Chunk]":
        """Read the chunks of a batch in their order."""
        return cls.query(batch_id, cls.sk.startswith(cls.PREFIX), consistent_read=True)

    @classmethod
    def runs_of_batch(cls, batch_id: int) -> list[int]:
        """Read the ids of the runs of a batch, in the order of its objects."""
        return [number for chunk in cls.of_batch(batch_id) for number in chunk.run_ids if number is not None]
