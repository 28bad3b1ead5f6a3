"""How many runs an author has on an object."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.attributes import IntegerAttribute, TimeAttribute
from chalicelib.settings import settings


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

    @classmethod
    def of(cls, run: Run) -> "RunCount":
        """Return the count, not read, that a run adds to: its author's, or that of the relay which it came through."""
        return cls(run.obj_id, cls.key(run.author_id) if run.relay_id is None else f"~runs#relay#{run.relay_id}")

    @staticmethod
    def key(author_id: int) -> str:
        """Return the sort key of an author's count."""
        return f"~runs#{author_id}"  # sorts behind the data, so that no Query of it meets this
