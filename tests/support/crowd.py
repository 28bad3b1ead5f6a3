"""Many analyses and groups, put into the tables behind the API's back because that is a hundred times faster."""

from collections.abc import Callable, Iterable
from typing import Any

from moto.dynamodb.models import dynamodb_backends
from pynamodb.models import Model

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.items.group import Group
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.items.restricted import Restricted
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.run.list_entries import sights_of
from chalicelib.analyses.start.start import Subject, new_run
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import Source
from infra.local.aws.account import ACCOUNT_ID, REGION


def add_runs(number: int, obj_id: str, service_id: int, group_ids: set[int], author_id: int = 10**6) -> list[int]:
    """Store completed analyses of an object that are shared with these groups, and return their ids."""
    author = Caller(author_id, username="", permissions=frozenset(), group_ids=frozenset(group_ids))
    subject = Subject(Source.find(obj_id), Service.of_id(service_id), RunCount(obj_id, RunCount.key(author_id)))
    runs = [_completed(new_run(author, subject, NewAnalysis(), frozenset(group_ids))) for _ in range(number)]
    store(runs)
    store(sight for run in runs for sight in sights_of(run))
    if any(run.public_obj_id is None for run in runs):
        Restricted(obj_id).update([Restricted.group_ids.add(set(group_ids))])
    return [run.id for run in runs]


def add_groups(number: int, first: int) -> None:
    """Store groups that nobody is in, numbered from `first`."""
    store(_group(group_id) for group_id in range(first, first + number))


def store(items: Iterable[Model]) -> None:
    """Put items into the tables."""
    for item in items:
        _put(item, item.serialize())


def add_copies(item: Model, number: int, changes: Callable[[int], dict[str, Any]]) -> None:
    """Store copies of a stored item; `changes` gives the attributes in which the copy of a number differs."""
    plain = item.serialize()
    for index in range(number):
        _put(item, {**plain, **type(item)(**changes(index)).serialize(null_check=False)})


def _put(item: Model, attributes: dict[str, Any]) -> None:
    table = dynamodb_backends[ACCOUNT_ID][REGION].tables[item.Meta.table_name]
    table.put_item(attributes, overwrite=True)  # else a condition is read for each, though there is none


def _completed(run: Run) -> Run:
    run.status, run.status_message, run.due, run.due_shard = "completed", "fit converged", None, None
    return run


def _group(group_id: int) -> Group:
    group = Group.numbered(group_id)
    group.name, group.admin_count = f"group {group_id}", 1
    return group
