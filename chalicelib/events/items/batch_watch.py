"""How far it is known that the runs of a batch have ended."""

from datetime import datetime
from typing import Any

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, TimeAttribute


class BatchWatch(Model):
    """How far it is known that the runs of a batch have ended: so that each is looked at about once."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The batch's id."""
    sk = UnicodeAttribute(range_key=True, default="watch")
    ended = IntegerAttribute(default=0)
    """So many of its runs, in the order of its objects."""
    finished_at = TimeAttribute(null=True)
    expires = IntegerAttribute()

    @classmethod
    def find(cls, batch_id: int) -> "BatchWatch | None":
        """Read what is known of a batch."""
        try:
            return cls.get(batch_id, "watch", consistent_read=True)
        except cls.DoesNotExist:
            return None

    def note(self, ended: int, finished_at: datetime | None) -> None:
        """Keep what was seen; when it had finished is kept as whoever saw it first said."""
        actions: list[Any] = [BatchWatch.ended.set(ended), BatchWatch.expires.set(self.expires)]
        if finished_at is not None:
            actions.append(BatchWatch.finished_at.set(BatchWatch.finished_at | finished_at))
        self.update(actions=actions)
