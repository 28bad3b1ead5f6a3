"""A request with an idempotency key."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.accounts.items.keys import USERS, partition
from chalicelib.attributes import IntegerAttribute, JsonAttribute, TimeAttribute
from chalicelib.registry import RegistryItem


class AnsweredRequest(RegistryItem):
    """A request with an idempotency key, and its answer once there is one."""

    body_hash = UnicodeAttribute()
    reserved_id = IntegerAttribute()
    """What the request starts has this id, whoever goes on with the request."""
    locked_until = TimeAttribute()
    answer = JsonAttribute(null=True)
    expires = IntegerAttribute()

    @classmethod
    def key(cls, user_id: int, digest: str) -> tuple[str, str]:
        """Return the key of a request."""
        return partition(USERS, user_id), f"request#{digest}"
