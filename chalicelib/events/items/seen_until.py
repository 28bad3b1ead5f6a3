"""Until when what moved has been looked through."""

from datetime import datetime

from chalicelib.attributes import TimeAttribute
from chalicelib.registry import RegistryItem


class SeenUntil(RegistryItem):
    """Until when what moved has been looked through for events that nobody was told of."""

    moment = TimeAttribute()

    @classmethod
    def read(cls) -> datetime | None:
        """Return the moment, None before the first look."""
        try:
            return cls.get("event_look", "moved", consistent_read=True).moment
        except cls.DoesNotExist:
            return None

    @classmethod
    def write(cls, moment: datetime) -> None:
        """Note the moment."""
        cls("event_look", "moved", moment=moment).save()
