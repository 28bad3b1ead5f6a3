"""One analysis of one object by one service."""

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.analyses.states import Progress, State
from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute

RUN_SK = "run"


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


class ByMoved(GlobalSecondaryIndex["Run"]):  # type: ignore[no-untyped-call]
    """The runs that moved in some minutes, by when, with what tells who may know."""

    class Meta:
        """The index."""

        index_name = "by_moved"
        projection = IncludeProjection(["status", "group_ids", "listed_group_ids", "public_obj_id"])

    moved_in = UnicodeAttribute(hash_key=True)
    moved = TimeAttribute(range_key=True)


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

    class Meta(TableMeta):
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

    moved = TimeAttribute(null=True)
    """When its readers had something new to see; `moved_in` says in which partition of the index."""
    moved_in = UnicodeAttribute(null=True)

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
    too_large = JsonAttribute(null=True)
    """What the service posted in vain: at, bytes. Not among the attempts, which the dispatcher may be writing."""
    upload_until = TimeAttribute(null=True)
    """Until when the service may upload a large result; what it never commits is removed after that."""
    lease_until = TimeAttribute(null=True)
    waits_for = IntegerAttribute(null=True)
    """The service, while the run waits for a place there or for the end of a pause."""
    holds_place = BooleanAttribute(null=True)
    """Whether the run is counted among those that a service with a limit has at present."""
    keeps_inputs = BooleanAttribute(null=True)
    """Whether the stored inputs are sent, because the run repeats another one."""
    batch_id = IntegerAttribute(null=True)
    relay_id = IntegerAttribute(null=True)
    """The relay through which another portal asked for it: no source need exist here, and its groups read it."""
    answer_by = TimeAttribute(null=True)
    """The latest end of its token, so that time is left to forward the result."""
    sealed_key = BinaryAttribute(legacy_encoding=False, null=True)
    """A language model's key that the other portal sent for the service, encrypted."""
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
    effects = JsonAttribute(null=True)
    """What became of each thing that the result says of its source: see effects.py."""

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
    by_moved = ByMoved()

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
            upload_until=self.upload_until,
        )

    @classmethod
    def find(cls, analysis_id: int, *, consistent: bool = True) -> "Run | None":
        """Read a run by its id, also a tombstone."""
        try:
            return cls.get(analysis_id, RUN_SK, consistent_read=consistent)
        except cls.DoesNotExist:
            return None
