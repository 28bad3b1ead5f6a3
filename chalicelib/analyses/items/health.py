"""How sending to a service went lately."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, TimeAttribute

HEALTH_SK = "health"


class Health(Model):
    """How sending to a service went lately; stored when something goes wrong, and emptied when it goes well again."""

    class Meta(TableMeta):
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
    paused_at = TimeAttribute(null=True)
    """When its latest pause began."""
    resumed_at = TimeAttribute(null=True)
    """When it was reached again after one."""
    trial_until = TimeAttribute(null=True)
    """While the one run is sent that tries whether the service is back."""
    asks = IntegerAttribute(default=0)
    """As for places."""
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)
