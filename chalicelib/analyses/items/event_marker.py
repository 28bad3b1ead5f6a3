"""An event that has started a default analysis."""

import time

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute


class EventMarker(Model):
    """Says that an event has started a default analysis, for as long as the event may be delivered again."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The event's id: ids of runs and events come from the same source and do not meet."""
    sk = UnicodeAttribute(range_key=True)
    expires = IntegerAttribute()

    _SECONDS = 14 * 24 * 3600

    @classmethod
    def of(cls, event_id: int, default_id: int) -> "EventMarker":
        """Return a new marker, not stored yet."""
        return cls(event_id, f"event#{default_id}", expires=int(time.time()) + cls._SECONDS)

    def is_stored(self) -> bool:
        """Say whether the event has started the default analysis before."""
        try:
            self.refresh(consistent_read=True)
        except EventMarker.DoesNotExist:
            return False
        return True
