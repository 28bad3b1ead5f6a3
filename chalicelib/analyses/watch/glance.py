"""The newest run of each service on each of several objects, at a glance."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.states import State
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import OBJ_ID, may_read

MOST_OBJECTS = 100
MOST_RUNS = 1_000
"""Runs that one answer looks at."""

_COLUMNS = ["analysis_id", "sk", "status", "last_activity", "obj_id", "service_id", "group_ids"]
_LOOKED_UP = 20
"""Objects whose newest run was deleted, and whose other runs are looked up therefore."""
_LOOKED_AT = 100

ServiceOnObject = tuple[str, int]


def glance(caller: Caller, obj_ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the newest run of each service on each object, newest first; nothing of objects the caller cannot read.

    Three calls for fifty objects, and one more for a hundred runs.
    """
    names = [name for name in dict.fromkeys(obj_ids) if OBJ_ID.fullmatch(name)]
    keys: list[transactions.Key] = [(Source, name, SOURCE_SK) for name in names]
    keys += [(Newest, name, Newest.SK) for name in names]
    items = transactions.read_all(keys)
    readable = {item.obj_id for item in items if isinstance(item, Source) and may_read(caller, item)}
    newest = [item for item in items if isinstance(item, Newest) and item.obj_id in readable]
    found: dict[ServiceOnObject, Run] = {}
    buried: set[ServiceOnObject] = set()
    ids = sorted({number for item in newest for number in item.seen_by(caller)}, reverse=True)[:MOST_RUNS]
    runs = {run.id: run for run in _read(ids)}
    for item in newest:
        for (service_id, _), number in item.runs.items():
            run = runs.get(number)
            if run is None or run.state is State.DELETED:
                buried |= {(item.obj_id, service_id)} if number in ids else set()
            elif caller.reaches(run.group_ids):
                _keep(found, run)
    for run in _others(buried - set(found)):
        if caller.reaches(run.group_ids):
            _keep(found, run)
    return _shown(readable, names, found)


def _read(ids: Iterable[int]) -> Iterator[Run]:
    return iter(Run.batch_get([(number, RUN_SK) for number in ids], attributes_to_get=_COLUMNS))


def _keep(found: dict[ServiceOnObject, Run], run: Run) -> None:
    key = run.obj_id, run.service_id
    if key not in found or run.id > found[key].id:
        found[key] = run


def _others(wanted: set[ServiceOnObject]) -> Iterator[Run]:
    """Yield the runs that everybody sees on objects whose newest one was deleted."""
    for obj_id in sorted({obj_id for obj_id, _ in wanted})[:_LOOKED_UP]:
        newest = Run.by_object.query(obj_id, scan_index_forward=False, limit=_LOOKED_AT)
        yield from (run for run in islice(newest, _LOOKED_AT) if (obj_id, run.service_id) in wanted)


def _shown(
    readable: set[str], names: Sequence[str], found: dict[ServiceOnObject, Run]
) -> dict[str, list[dict[str, Any]]]:
    services = {one.service_id: one for one in Service.of_ids({service_id for _, service_id in found})}
    shown: dict[str, list[dict[str, Any]]] = {name: [] for name in names if name in readable}
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
