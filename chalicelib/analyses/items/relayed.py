"""What another portal is owed that asked for a run through a relay."""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute

RELAYED_SK = "relayed"

WAITING = "waiting"
FORWARDED = "forwarded"
GIVEN_UP = "given_up"
SUPERSEDED = "superseded"
"""Another run repeats this one before its end was forwarded: the portal gets that one's."""


class Relayed(Model):
    """Where the end of a run is forwarded to, and how far that is; lies beside the run."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=RELAYED_SK)
    relay_id = IntegerAttribute()
    resource_id = UnicodeAttribute()
    origin = UnicodeAttribute()
    """Host, and port if one is named, of the portal's callback."""
    callback = BinaryAttribute(legacy_encoding=False)
    """The portal's callback URL, encrypted: whoever knows it may answer in our place."""
    valid_until = TimeAttribute()
    """What the portal calls invalid_after: later it takes no result."""
    received_at = TimeAttribute()
    acknowledged_at = TimeAttribute()
    """When the portal was last told that we have it: it writes its own state after that."""
    asks = IntegerAttribute(default=1)
    """How often the portal posted it."""

    state = UnicodeAttribute(default=WAITING)
    too_large = BooleanAttribute(default=False)
    """Whether the portal would not take the result itself, so that it gets links."""
    tries = IntegerAttribute(default=0)
    attempts = JsonAttribute(null=True)
    """What became of each try: at, http_status, text, next_try."""
    next_try = TimeAttribute(null=True)
    lease_until = TimeAttribute(null=True)
    forwarded_at = TimeAttribute(null=True)
    pulled = JsonAttribute(null=True)
    """What became of the copy of the source: at, and problems by kind of data."""

    expires = IntegerAttribute(null=True)
    """When DynamoDB may remove it, in seconds of Unix time: after its run was deleted."""
    looks = IntegerAttribute(default=0)
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)

    @classmethod
    def find(cls, analysis_id: int) -> "Relayed | None":
        """Read what is owed for a run, None if nobody else asked for it."""
        try:
            return cls.get(analysis_id, RELAYED_SK, consistent_read=True)
        except cls.DoesNotExist:
            return None
