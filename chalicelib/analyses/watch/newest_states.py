"""In which state the newest analysis of each of many sources is: what the list of sources is narrowed by."""

import heapq
from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.items.restricted import Restricted
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.read.listing import of_groups
from chalicelib.analyses.states import State
from chalicelib.services.items.service import Service

_COLUMNS = ["analysis_id", "sk", "status", "obj_id", "service_id", "group_ids"]
_LOOKED_AT = 10
"""Runs that a call reads where one is looked up: most often the first will do."""


def newest_states(caller: Caller, obj_ids: Sequence[str]) -> dict[str, str]:
    """Return the state of the newest analysis on each of these sources; those on which there is none are left out.

    Three calls for a hundred sources, and two more wherever the newest ones belong to services that are gone. Sources
    whose newest analysis was deleted are looked up by themselves: a call for all of them, and one for each.

    Parameters
    ----------
    caller : Caller
        Can read these sources.
    obj_ids : sequence of str
        The sources.
    """
    items = transactions.read_all([(Newest, obj_id, Newest.SK) for obj_id in obj_ids])
    waiting = {item.obj_id: item.seen_by(caller) for item in items if isinstance(item, Newest)}
    states: dict[str, str] = {}
    services: dict[int, Service] = {}
    buried: list[str] = []
    while waiting := {obj_id: numbers for obj_id, numbers in waiting.items() if numbers}:
        first = {numbers.pop(0): obj_id for obj_id, numbers in waiting.items()}
        runs = {run.id: run for run in _read(first)}
        _learn(services, runs.values())
        for number, obj_id in first.items():
            run = runs.get(number)
            if run is None or run.state is State.DELETED:
                buried.append(obj_id)
            elif not caller.reaches(run.group_ids) or _is_hidden(services, run):
                continue
            else:
                states[obj_id] = run.status
            waiting[obj_id] = []
    states.update(_looked_up(caller, buried, services))
    return states


def _looked_up(caller: Caller, obj_ids: Sequence[str], services: dict[int, Service]) -> Iterator[tuple[str, str]]:
    items = transactions.read_all([(Restricted, obj_id, Restricted.SK) for obj_id in obj_ids])
    restricted = {item.obj_id: item.group_ids for item in items if isinstance(item, Restricted)}
    for obj_id in obj_ids:
        groups = {group for group in restricted.get(obj_id, ()) if caller.reaches({group})}
        public = Run.by_object.query(obj_id, scan_index_forward=False, page_size=_LOOKED_AT)
        for run in heapq.merge(public, of_groups(groups, obj_id, None), key=lambda run: run.id, reverse=True):
            _learn(services, [run])
            if run.state is not State.DELETED and caller.reaches(run.group_ids) and not _is_hidden(services, run):
                yield obj_id, run.status
                break


def _read(ids: Iterable[int]) -> Iterator[Run]:
    return iter(Run.batch_get([(number, RUN_SK) for number in ids], attributes_to_get=_COLUMNS))


def _learn(services: dict[int, Service], runs: Iterable[Run]) -> None:
    """Read the services of these runs that are not known yet."""
    missing = {run.service_id for run in runs if run.state is not State.DELETED} - set(services)
    services.update((one.service_id, one) for one in Service.of_ids(missing))


def _is_hidden(services: Mapping[int, Service], run: Run) -> bool:
    service = services.get(run.service_id)
    return service is not None and service.is_deleted
