"""The runs that a service with max_in_flight has at present."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.analyses.items.table import TableMeta
from chalicelib.attributes import IntegerAttribute, IntegerSetAttribute, TimeAttribute

IN_FLIGHT_SK = "places"


class InFlight(Model):
    """The runs that a service with a limit has at present: exactly those that hold a place."""

    class Meta(TableMeta):
        """The table."""

    analysis_id = IntegerAttribute(hash_key=True)
    """The service's id: a small number, as no run has it."""
    sk = UnicodeAttribute(range_key=True, default=IN_FLIGHT_SK)
    in_flight = IntegerSetAttribute(default=set)
    asks = IntegerAttribute(default=0)
    """Grows when the sweep is asked to look, so that it does not forget who asks while it looks."""
    due = TimeAttribute(null=True)
    due_shard = IntegerAttribute(null=True)
