"""An analysis that is started whenever something happens to a source."""

from collections.abc import Iterator

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, VersionAttribute
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import sort_key
from chalicelib.services.items.table import TableMeta

_IN_DEFAULT = "default#"


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
