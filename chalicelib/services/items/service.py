"""A registered analysis service."""

from collections.abc import Iterable

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import FloatAttribute, IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.services.items.table import TableMeta

SERVICE_SK = "service"


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
