"""The groups that have runs on an object to themselves."""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib.attributes import IntegerSetAttribute
from chalicelib.settings import settings


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
