"""How far the summaries are embedded that were there before."""

from pynamodb.attributes import UnicodeAttribute, VersionAttribute

from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem

RUNNING = "running"
FINISHED = "finished"
STOPPED = "stopped"

_KEY = ("summary_backfill", "progress")


class Backfill(RegistryItem):
    """How far the lists of all groups are gone through, one after the other, from what was saved first."""

    state = UnicodeAttribute(default=RUNNING)
    reason = UnicodeAttribute(null=True)
    """Why it stopped, or waits."""
    group_id = IntegerAttribute(default=0)
    """The group whose list is read; those before are done."""
    last_key = JsonAttribute(null=True)
    """After which item of the list it goes on, as DynamoDB has it."""
    looked_at = IntegerAttribute(default=0)
    embedded = IntegerAttribute(default=0)
    refused = IntegerAttribute(default=0)
    without_key = IntegerAttribute(default=0)
    waits = IntegerAttribute(default=0)
    """How often the server was waited for since something went well."""
    ended_at = TimeAttribute(null=True)
    revision = VersionAttribute()
    """Counts the changes: of two that go on at once one gives up."""

    @classmethod
    def find(cls) -> "Backfill | None":
        """Read how far it is."""
        try:
            return cls.get(*_KEY, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def begun(cls) -> "Backfill":
        """Return a new one, not stored yet."""
        return cls(*_KEY)
