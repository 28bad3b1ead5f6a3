"""Analysis services and what belongs to them, in the services table.

===========  =============================  ====================================================
service_id   sk                             item
===========  =============================  ====================================================
<id>         service                        Service; a tombstone once `deleted_at` is set
<id>         reach#<group id>               Reach: the service is found by a group (index by_group)
<id>         default#<id>                   DefaultAnalysis
<id>         trigger#<default id>#<event>   Trigger: a default is found by an event (index by_trigger)
===========  =============================  ====================================================

The name of a service is kept unique by a NameLock in the registry table.
"""

from collections.abc import Iterable, Iterator

from pynamodb.attributes import (
    BinaryAttribute,
    BooleanAttribute,
    UnicodeAttribute,
    VersionAttribute,
)
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import sort_key
from chalicelib.settings import settings

SERVICE_SK = "service"

EVERYTHING = 0
"""Stands for a group that reaches every service: no group has this number."""

_IN_DEFAULT = "default#"
_IN_TRIGGER = "trigger#"


class TableMeta:
    """Settings that PynamoDB shares between the models of the services table."""

    table_name = settings().table("services")
    region = None


class Service(Model):
    """A registered analysis service."""

    class Meta(TableMeta):
        """The table."""

    service_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default=SERVICE_SK)
    name = UnicodeAttribute()
    display_name = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    version = UnicodeAttribute(null=True)
    contact_name = UnicodeAttribute(null=True)
    contact_email = UnicodeAttribute(null=True)
    url = UnicodeAttribute()
    optional_analysis_parameters = UnicodeAttribute(default="{}")
    """JSON text, as it was given."""
    authentication_type = UnicodeAttribute()
    secret = BinaryAttribute(legacy_encoding=False, null=True)
    """The credentials, encrypted."""
    signing_secret = BinaryAttribute(legacy_encoding=False, null=True)
    """The key that signs what it is sent, encrypted."""
    enabled = BooleanAttribute(default=True)
    analysis_type = UnicodeAttribute()
    input_data_types = JsonAttribute(default=list)
    timeout = FloatAttribute(default=3600.0)
    """Seconds from dispatch until the service must have answered."""
    upload_only = BooleanAttribute(default=False)
    is_summary = BooleanAttribute(default=False)
    display_on_resource_dropdown = BooleanAttribute(default=True)
    group_ids = IntegerSetAttribute()
    trusted = BooleanAttribute(default=False)
    """Whether users' LLM keys may be handed to it."""
    max_in_flight = IntegerAttribute(null=True)
    created_at = TimeAttribute(default_for_new=clock.now)
    modified = TimeAttribute(default_for_new=clock.now)
    deleted_at = TimeAttribute(null=True)
    revision = VersionAttribute()
    """Counts the changes, so that none is lost when two are made at once."""

    @property
    def is_deleted(self) -> bool:
        """Whether only the tombstone is left."""
        return bool(self.deleted_at)

    @property
    def groups(self) -> frozenset[int]:
        """The groups that reach it."""
        return frozenset(self.group_ids)

    @classmethod
    def of_id(cls, service_id: int) -> "Service | None":
        """Read a service or its tombstone."""
        try:
            return cls.get(service_id, SERVICE_SK, consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_ids(cls, service_ids: Iterable[int]) -> list["Service"]:
        """Read services and tombstones, in the order of their ids."""
        keys = [(service_id, SERVICE_SK) for service_id in service_ids]
        return sorted(cls.batch_get(keys, consistent_read=True), key=lambda service: service.service_id)


class ByGroup(GlobalSecondaryIndex["Reach"]):  # type: ignore[no-untyped-call]
    """The services that a group reaches."""

    class Meta:
        """The index."""

        index_name = "by_group"
        projection = KeysOnlyProjection()

    reach_group_id = IntegerAttribute(hash_key=True)
    service_id = IntegerAttribute(range_key=True)


class Reach(Model):
    """One group that reaches one service."""

    class Meta(TableMeta):
        """The table."""

    service_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    reach_group_id = IntegerAttribute()
    by_group = ByGroup()

    @classmethod
    def between(cls, service_id: int, group_id: int) -> "Reach":
        """Return a new item, not stored yet."""
        return cls(service_id, f"reach#{sort_key(group_id)}", reach_group_id=group_id)

    @classmethod
    def services_of(cls, group_id: int) -> Iterator[int]:
        """Read the numbers of the services that a group reaches."""
        return (reach.service_id for reach in cls.by_group.query(group_id))


class DefaultAnalysis(Model):
    """An analysis that is started whenever something happens to a source."""

    class Meta(TableMeta):
        """The table."""

    service_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    author_id = IntegerAttribute()
    group_ids = IntegerSetAttribute()
    show_parameters = BooleanAttribute(default=True)
    show_plots = BooleanAttribute(default=True)
    show_corner = BooleanAttribute(default=True)
    default_analysis_parameters = JsonAttribute(default=dict)
    source_filter = JsonAttribute(default=dict)
    daily_limit = IntegerAttribute()
    day = UnicodeAttribute(default="")
    """The UTC day, ISO 8601, that `daily_count` is about."""
    daily_count = IntegerAttribute(default=0)
    last_run = TimeAttribute(null=True)
    created_at = TimeAttribute(default_for_new=clock.now)
    modified = TimeAttribute(default_for_new=clock.now)
    revision = VersionAttribute()
    """Counts the changes, so that none is lost when two are made at once."""

    @property
    def id(self) -> int:
        """The default's number."""
        return int(self.sk.removeprefix(_IN_DEFAULT))

    @property
    def groups(self) -> frozenset[int]:
        """The groups that see it, and what it starts."""
        return frozenset(self.group_ids)

    @staticmethod
    def sk_of(default_id: int) -> str:
        """Return the sort key of a default."""
        return _IN_DEFAULT + sort_key(default_id)

    @classmethod
    def of_id(cls, service_id: int, default_id: int) -> "DefaultAnalysis | None":
        """Read one default."""
        try:
            return cls.get(service_id, cls.sk_of(default_id), consistent_read=True)
        except cls.DoesNotExist:
            return None

    @classmethod
    def of_service(cls, service_id: int) -> Iterator["DefaultAnalysis"]:
        """Read the defaults of a service, in the order of their ids."""
        return cls.query(service_id, cls.sk.startswith(_IN_DEFAULT), consistent_read=True)


class ByTrigger(GlobalSecondaryIndex["Trigger"]):  # type: ignore[no-untyped-call]
    """The defaults that an event starts."""

    class Meta:
        """The index."""

        index_name = "by_trigger"
        projection = KeysOnlyProjection()

    trigger = UnicodeAttribute(hash_key=True)
    service_id = IntegerAttribute(range_key=True)


class Trigger(Model):
    """One event that starts one default analysis: "group#<id>" or "classification#<name>"."""

    class Meta(TableMeta):
        """The table."""

    service_id = IntegerAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    trigger = UnicodeAttribute()
    by_trigger = ByTrigger()

    @classmethod
    def of(cls, default: DefaultAnalysis, event: str) -> "Trigger":
        """Return a new item, not stored yet."""
        return cls(default.service_id, f"{_IN_TRIGGER}{sort_key(default.id)}#{event}", trigger=event)

    @classmethod
    def of_service(cls, service_id: int) -> Iterator["Trigger"]:
        """Read the triggers of a service's defaults."""
        return cls.query(service_id, cls.sk.startswith(_IN_TRIGGER), consistent_read=True)

    @property
    def default_id(self) -> int:
        """The default's number."""
        return int(self.sk.split("#")[1])
