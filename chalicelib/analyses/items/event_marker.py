"""What has started an analysis: an event, or a request of another portal."""

import time

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute


class EventMarker(Model):
    """Says that something has started an analysis, for as long as it may arrive again."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The event's id: ids of runs and events come from the same source and do not meet. Or a relay's small number."""
    sk = UnicodeAttribute(range_key=True)
    expires = IntegerAttribute()
    run_id = IntegerAttribute(null=True)
    """What was started through a relay."""

    _SECONDS = 14 * 24 * 3600

    @classmethod
    def of(cls, event_id: int, default_id: int) -> "EventMarker":
        """Return a new marker, not stored yet."""
        return cls(event_id, f"event#{default_id}", expires=int(time.time()) + cls._SECONDS)

    @classmethod
    def of_callback(cls, relay_id: int, digest: str, run_id: int) -> "EventMarker":
        """Return a new marker, not stored yet, for what another portal asked to have posted to a callback."""
        return cls(relay_id, f"callback#{digest}", run_id=run_id, expires=int(time.time()) + cls._SECONDS)

    def is_stored(self) -> bool:
        """Say whether the event has started the default analysis before."""
        try:
            self.refresh(consistent_read=True)
        except EventMarker.DoesNotExist:
            return False
        return True
