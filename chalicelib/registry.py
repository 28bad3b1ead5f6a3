"""The registry table: what people create by hand, found by kind and number.

Every room keeps its own models of this table; here stand the key, the counters and the locks on names.
"""

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from chalicelib import clock
from chalicelib.attributes import IntegerAttribute, TimeAttribute
from chalicelib.settings import settings


class TableMeta:
    """Settings that PynamoDB shares between the models of the registry table."""

    table_name = settings().table("registry")
    region = None


class RegistryItem(Model):
    """An item of the registry table: `pk` names its kind or owner, `sk` the item."""

    class Meta(TableMeta):
        """The table."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    created_at = TimeAttribute(default_for_new=clock.now)
    modified = TimeAttribute(default=clock.now)


class Counter(Model):
    """Numbers handed out for one kind of record."""

    class Meta(TableMeta):
        """The table."""

    pk = UnicodeAttribute(hash_key=True, default="counter")
    sk = UnicodeAttribute(range_key=True)
    value = IntegerAttribute()


class NameLock(Model):
    """Keeps a name unique: put it in the transaction that writes its owner, on condition that it does not exist."""

    class Meta(TableMeta):
        """The table."""

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="lock")
    owner_id = IntegerAttribute()

    @staticmethod
    def key(kind: str, name: str) -> str:
        """Return the `pk` of the lock on a name."""
        return f"name#{kind}#{name}"


def next_number(kind: str) -> int:
    """Return the next number, from 1, for a record of this kind; a number is never handed out twice."""
    counter = Counter("counter", kind)
    counter.update(actions=[Counter.value.add(1)])
    return counter.value


def sort_key(number: int) -> str:
    """Return a number as text that sorts like it."""
    return f"{number:016d}"
