"""Finds a record of a source by its number."""

from typing import TypeVar

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import Forbidden
from chalicelib.sources.items.item import Item, Shared
from chalicelib.sources.items.record_key import RecordKey
from chalicelib.sources.items.source import Source
from chalicelib.sources.source.access import may_read

SharedT = TypeVar("SharedT", bound=Shared)


def find_record(caller: Caller, kind: type[SharedT], number: int) -> SharedT:
    """Read a record that the caller may see; a new one appears in the index after a moment.

    Raises
    ------
    Forbidden
        There is none, or the caller may not see it or its source.
    """
    keys = RecordKey.by_record.query(number)
    items = [item for key in keys for item in Item.batch_get([(key.obj_id, key.sk)], consistent_read=True)]
    record = next((item for item in items if isinstance(item, kind)), None)
    if record is None or not caller.reaches(record.group_ids):
        raise Forbidden(f"Cannot access this {kind.__name__.lower()}.")
    source = Source.find(record.obj_id)
    if source is None or not may_read(caller, source):
        raise Forbidden(f"Cannot access this {kind.__name__.lower()}.")
    return record
