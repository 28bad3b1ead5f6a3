"""The newest run of each service on each of several objects, at a glance."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.read.listing import of_groups
from chalicelib.analyses.states import State
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import OBJ_ID, may_read
from chalicelib.threads import at_once

MOST_OBJECTS = 100
MOST_RUNS = 1_000
"""Runs that one answer looks at."""

_COLUMNS = ["analysis_id", "sk", "status", "last_activity", "obj_id", "service_id", "group_ids", "relay_id"]
_LOOKED_AT = 100
"""Runs on an object that are looked through while upkeep/newest.py has not yet replaced a deleted one."""
_AT_ONCE = 8

ServiceOnObject = tuple[str, int]
Place = tuple[int, int | None]
"""A service, and the group that has its runs to itself."""


def glance(caller: Caller, obj_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the newest run of each service on each object, newest first; nothing of objects the caller cannot read.

    Of an object that the caller cannot read, because it is elsewhere, those that came through relays are told.

    Three calls for fifty objects, and one more for a hundred runs. Objects whose newest run was deleted, and the one
    before not yet noted in its place, take two or three more each.
    """
    names = [name for name in dict.fromkeys(obj_ids) if OBJ_ID.fullmatch(name)]
    keys: list[transactions.Key] = [(Source, name, SOURCE_SK) for name in names]
    keys += [(Newest, name, Newest.SK) for name in names]
    items = transactions.read_all(keys)
    readable = {item.obj_id for item in items if isinstance(item, Source) and may_read(caller, item)}
    noted = {
        item.obj_id: _seen(caller, item, is_readable=item.obj_id in readable)
        for item in items
        if isinstance(item, Newest)
    }
    found: dict[ServiceOnObject, Run] = {}
    buried: dict[str, set[Place]] = {}
    ids = sorted({number for places in noted.values() for number in places.values()}, reverse=True)[:MOST_RUNS]
    runs = {run.id: run for run in _read(ids)}
    for obj_id, places in noted.items():
        for place, number in places.items():
            run = runs.get(number)
            if run is not None and run.state is not State.DELETED:
                _keep(found, caller, run, readable)
            elif number in ids:
                buried.setdefault(obj_id, set()).add(place)
    for before in at_once(lambda obj_id: _before(obj_id, buried[obj_id]), buried, _AT_ONCE):
        for run in before:
            _keep(found, caller, run, readable)
    return _shown(readable, names, found)


def _seen(caller: Caller, newest: Newest, *, is_readable: bool) -> dict[Place, int]:
    """Return what the caller may see of what is noted: what everybody sees only of an object that can be read."""
    return {
        (service_id, group_id): number
        for (service_id, group_id), number in newest.runs.items()
        if (is_readable if group_id is None else caller.reaches({group_id}))
    }


def _read(ids: Iterable[int]) -> Iterator[Run]:
    return iter(Run.batch_get([(number, RUN_SK) for number in ids], attributes_to_get=_COLUMNS))


def _keep(found: dict[ServiceOnObject, Run], caller: Caller, run: Run, readable: set[str]) -> None:
    if not caller.reaches(run.group_ids) or (run.obj_id not in readable and run.relay_id is None):
        return
    key = run.obj_id, run.service_id
    if key not in found or run.id > found[key].id:
        found[key] = run


def _before(obj_id: str, buried: set[Place]) -> list[Run]:
    """Return the runs on an object that may be the newest in the place of deleted ones."""
    services = {service_id for service_id, _ in buried}
    groups = {group_id for _, group_id in buried if group_id is not None}
    is_public = any(group_id is None for _, group_id in buried)
    public = Run.by_object.query(obj_id, scan_index_forward=False, limit=_LOOKED_AT) if is_public else ()
    runs = [*public, *islice(of_groups(groups, obj_id, None), _LOOKED_AT)]
    return [run for run in runs if run.state is not State.DELETED and run.service_id in services]


def _shown(
    readable: set[str], names: Sequence[str], found: dict[ServiceOnObject, Run]
) -> dict[str, list[dict[str, Any]]]:
    services = {one.service_id: one for one in Service.of_ids({service_id for _, service_id in found})}
    known = readable | {obj_id for obj_id, _ in found}
    shown: dict[str, list[dict[str, Any]]] = {name: [] for name in names if name in known}
    for run in sorted(found.values(), key=lambda run: run.id, reverse=True):
        service = services.get(run.service_id)
        if service is None or not service.deleted_at:
            shown[run.obj_id].append(
                {
                    "id": run.id,
                    "analysis_service_id": run.service_id,
                    "service": None if service is None else service.display_name or service.name,
                    "status": run.status,
                    "at": run.last_activity,
                }
            )
    return shown
