"""The people and groups that records name, read together instead of one by one."""

from collections.abc import Iterable

from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.users.users import remember_users
from chalicelib.sources.items.item import Shared
from chalicelib.sources.source.access import group_ids_of


def remember_people(records: Iterable[Shared]) -> None:
    """Read the owners and groups of records, so that none costs a call afterwards: two calls for a hundred of each."""
    known = list(records)
    remember_users(record.owner_id for record in known)
    group_records(number for record in known for number in group_ids_of(record))
