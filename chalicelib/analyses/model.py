"""The items of an analysis in DynamoDB."""

import time
from datetime import datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.analyses.lifecycle import Progress, State
from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.settings import settings

RUN_SK = "run"
SHARDS = 16
"""Over how many partitions the runs that are due are spread, so that none of them is hot."""


class _AnalysesMeta:
    table_name = settings().table("analyses")
    region = None


class ByObject(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs on an object."""

    class Meta:
        """The index."""

        index_name = "by_object"
        projection = AllProjection()

    obj_id = UnicodeAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class ByService(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs of a service."""

    class Meta:
        """The index."""

        index_name = "by_service"
        projection = KeysOnlyProjection()

    service_id = IntegerAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class ByDue(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs for which something must still be done, by when."""

    class Meta:
        """The index."""

        index_name = "by_due"
        projection = KeysOnlyProjection()

    due_shard = IntegerAttribute(hash_key=True)
    due = TimeAttribute(range_key=True)


class Run(Model):
    """One analysis of one object by one service."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=RUN_SK)

    obj_id = UnicodeAttribute(null=True)
    """Removed from a tombstone, like service_id, so that it leaves the indexes."""
    service_id = IntegerAttribute(null=True)
    author_id = IntegerAttribute()
    author_group_ids = IntegerSetAttribute(default=set)
    """The groups the author was in at the start: what the service gets is what the author could see."""
    author_is_admin = BooleanAttribute(default=False)
    group_ids = IntegerSetAttribute(default=set)
    created_at = TimeAttribute()
    modified = TimeAttribute()
    last_activity = TimeAttribute()

    analysis_parameters = JsonAttribute()
    parameters_key = UnicodeAttribute(null=True)
    """Where the parameters lie in S3 when they hold files."""
    input_filters = JsonAttribute(null=True)
    show_parameters = BooleanAttribute()
    show_plots = BooleanAttribute()
    show_corner = BooleanAttribute()
    is_summary = BooleanAttribute(default=False)
    """Whether the service writes summaries, as of the start."""

    status = UnicodeAttribute()
    status_message = UnicodeAttribute(null=True)
    timeout = FloatAttribute()
    send_before = TimeAttribute()
    invalid_after = TimeAttribute()
    attempt = IntegerAttribute(default=1)
    lease_until = TimeAttribute(null=True)
    looks = IntegerAttribute(default=0)
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)

    receipt = UnicodeAttribute(null=True)
    """Key of the accepted result."""
    duration = FloatAttribute(null=True)
    data_hash = UnicodeAttribute(null=True)
    num_plots = IntegerAttribute(default=0)
    contents = JsonAttribute(null=True)
    """Which kinds of products the result holds, as its keys say."""
    model = BinaryAttribute(legacy_encoding=False, null=True)
    """Compressed JSON of model_lightcurve(s), model_name and n_detections."""
    collected_at = TimeAttribute(null=True)
    products = JsonAttribute(null=True)
    """What became of each product: name, key, content type, size, error."""

    deleted_at = TimeAttribute(null=True)
    cleaned_at = TimeAttribute(null=True)
    buried_obj_id = UnicodeAttribute(null=True)
    """The object of a tombstone, out of reach of the index."""
    expires = IntegerAttribute(null=True)
    """When DynamoDB may remove a tombstone, in seconds of Unix time."""

    by_object = ByObject()
    by_service = ByService()
    by_due = ByDue()

    @property
    def id(self) -> int:
        """The id that callers know."""
        return self.analysis_id

    @property
    def state(self) -> State:
        """The state, as a value of the enumeration."""
        return State(self.status)

    @property
    def progress(self) -> Progress:
        """What the sweep decides on."""
        return Progress(
            state=self.state,
            send_before=self.send_before,
            invalid_after=self.invalid_after,
            lease_until=self.lease_until,
            to_collect=self.receipt is not None and self.collected_at is None,
            to_clean=self.deleted_at is not None and self.cleaned_at is None,
        )

    @classmethod
    def find(cls, analysis_id: int, *, consistent: bool = True) -> "Run | None":
        """Read a run by its id, also a tombstone."""
        try:
            return cls.get(analysis_id, RUN_SK, consistent_read=consistent)
        except cls.DoesNotExist:
            return None

    def due_at(self, moment: datetime | None) -> list[Any]:
        """Return the actions that set when the sweep looks at this run next, or never."""
        if moment is None:
            return [Run.due.remove(), Run.due_shard.remove()]
        return [Run.due.set(moment), Run.due_shard.set(shard_of(self.id))]


def shard_of(analysis_id: int) -> int:
    """Return the partition of the due index that a run belongs to."""
    return analysis_id % SHARDS


class ByGroup(GlobalSecondaryIndex["Sight"]):  # type: ignore[no-untyped-call]
    """The runs that a group may see."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    seen_by_group_id = IntegerAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class Sight(Model):
    """One group's sight of one run."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    seen_by_group_id = IntegerAttribute()
    by_group = ByGroup()

    @classmethod
    def of(cls, analysis_id: int, group_id: int) -> "Sight":
        """Make the item for a group."""
        return cls(analysis_id, f"seen#{group_id}", seen_by_group_id=group_id)


class EventMarker(Model):
    """Says that an event has started a default analysis, for as long as the event may be delivered again."""

    class Meta(_AnalysesMeta):
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


class RunCount(Model):
    """How many runs an author has on an object; lies in the object's partition of the sources table."""

    class Meta:
        """The table."""

        table_name = settings().table("sources")
        region = None

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    open_runs = IntegerAttribute(default=0)
    completed_runs = IntegerAttribute(default=0)
    modified = TimeAttribute(default=clock.now)

    @staticmethod
    def key(author_id: int) -> str:
        """Return the sort key of an author's count."""
        return f"~runs#{author_id}"  # sorts behind the data, so that no Query of it meets this
