"""The items of an analysis in DynamoDB."""

import time
from collections.abc import Iterator
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
PLACES_SK = "places"
HEALTH_SK = "health"
BATCH_SK = "batch"
SHARDS = 16
"""Over how many partitions the runs that are due are spread, so that none of them is hot."""


class _AnalysesMeta:
    table_name = settings().table("analyses")
    region = None


class ByObject(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs on an object that everybody may see who can read it."""

    class Meta:
        """The index."""

        index_name = "by_object"
        projection = AllProjection()

    public_obj_id = UnicodeAttribute(hash_key=True)
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


class ByWaiting(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs that wait for a service, in the order of their start."""

    class Meta:
        """The index."""

        index_name = "by_waiting"
        projection = KeysOnlyProjection()

    waits_for = IntegerAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class Run(Model):
    """One analysis of one object by one service."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=RUN_SK)

    obj_id = UnicodeAttribute(null=True)
    """Removed from a tombstone, like service_id, so that it leaves the indexes."""
    public_obj_id = UnicodeAttribute(null=True)
    """The object, if the run is shared with the group that everybody is in."""
    service_id = IntegerAttribute(null=True)
    author_id = IntegerAttribute()
    author_group_ids = IntegerSetAttribute(default=set)
    """The groups the author was in at the start: what the service gets is what the author could see."""
    author_is_admin = BooleanAttribute(default=False)
    group_ids = IntegerSetAttribute(default=set)
    listed_group_ids = IntegerSetAttribute(default=set)
    """The groups that had the run in their lists over all objects from the start."""
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
    """Counts what was sent to the dispatcher: of several messages about a run only the newest counts."""
    tries = IntegerAttribute(default=0)
    """How often the service could not take it; the wait until the next try grows with it."""
    attempts = JsonAttribute(null=True)
    """What became of each dispatch: see attempts.py."""
    lease_until = TimeAttribute(null=True)
    waits_for = IntegerAttribute(null=True)
    """The service, while the run waits for a place there or for the end of a pause."""
    holds_place = BooleanAttribute(null=True)
    """Whether the run is counted among those that a service with a limit has at present."""
    keeps_inputs = BooleanAttribute(null=True)
    """Whether the stored inputs are sent, because the run repeats another one."""
    batch_id = IntegerAttribute(null=True)
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
    by_waiting = ByWaiting()

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
    """The runs in a group's list over all objects."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    seen_by_group_id = IntegerAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class ByGroupAndObject(GlobalSecondaryIndex["Sight"]):  # type: ignore[no-untyped-call]
    """The runs on an object that a group may see and the others may not."""

    class Meta:
        """The index."""

        index_name = "by_group_and_object"
        projection = KeysOnlyProjection()

    seen_of = UnicodeAttribute(hash_key=True)
    analysis_id = IntegerAttribute(range_key=True)


class Sight(Model):
    """One group's sight of one run."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    seen_by_group_id = IntegerAttribute()
    seen_of = UnicodeAttribute(null=True)
    by_group = ByGroup()
    by_group_and_object = ByGroupAndObject()

    _PREFIX = "seen#"

    @classmethod
    def of(cls, run: Run, group_id: int) -> "Sight":
        """Make the item for a group."""
        seen_of = cls.of_object(group_id, run.obj_id) if run.public_obj_id is None else None
        return cls(run.id, f"{cls._PREFIX}{group_id}", seen_by_group_id=group_id, seen_of=seen_of)

    @classmethod
    def of_run(cls, analysis_id: int) -> Iterator["Sight"]:
        """Read all sights of a run."""
        return cls.query(analysis_id, cls.sk.startswith(cls._PREFIX), consistent_read=True)

    @staticmethod
    def of_object(group_id: int, obj_id: str) -> str:
        """Return the key of what a group alone may see on an object."""
        return f"{group_id}#{obj_id}"


class Places(Model):
    """The runs that a service with a limit has at present: exactly those that hold a place."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The service's id: a small number, as no run has it."""
    sk = UnicodeAttribute(range_key=True, default=PLACES_SK)
    in_flight = IntegerSetAttribute(default=set)
    asks = IntegerAttribute(default=0)
    """Grows when the sweep is asked to look, so that it does not forget who asks while it looks."""
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)


class Health(Model):
    """How sending to a service went lately; stored when something goes wrong, and emptied when it goes well again."""

    class Meta(_AnalysesMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The service's id."""
    sk = UnicodeAttribute(range_key=True, default=HEALTH_SK)
    failures = IntegerAttribute(default=0)
    """In a row."""
    failed_runs = IntegerSetAttribute(default=set)
    """Some of the runs that these failures were about."""
    pauses = IntegerAttribute(default=0)
    """In a row; 0 while the service is not paused."""
    paused_until = TimeAttribute(null=True)
    trial_until = TimeAttribute(null=True)
    """While the one run is sent that tries whether the service is back."""
    asks = IntegerAttribute(default=0)
    """As for places."""
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)


class Batch(Model):
    """One service over many objects."""

    class Meta(_AnalysesMeta):
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
    expires = IntegerAttribute()

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


class Chunk(Model):
    """A part of a batch that was expanded: which runs it became, and what was refused."""

    class Meta(_AnalysesMeta):
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


class Restricted(Model):
    """The groups that runs on an object were shared with while the public group was not; beside the `RunCount`s."""

    class Meta:
        """The table."""

        table_name = settings().table("sources")
        region = None

    SK = "~restricted"

    obj_id = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=SK)
    group_ids = IntegerSetAttribute(default=set)
