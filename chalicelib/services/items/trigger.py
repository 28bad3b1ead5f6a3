"""An event that starts a default analysis."""

from collections.abc import Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from chalicelib.attributes import IntegerAttribute
from chalicelib.registry import sort_key
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.table import TableMeta

_IN_TRIGGER = "trigger#"


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
