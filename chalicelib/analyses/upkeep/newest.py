"""Which run is the newest of its service on an object, once the one that was is deleted."""

from collections.abc import Iterator

from chalicelib.analyses.items.newest import Newest
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.listing import of_groups
from chalicelib.analyses.states import State


def set_back(run: Run) -> None:
    """Note the run before a deleted one as the newest, wherever the deleted one is noted as that.

    One call if it is noted nowhere. What is started meanwhile stays noted; what is deleted meanwhile is passed over.
    """
    if run.buried_obj_id is None:
        return
    for service_id, group_id in Newest.where(run.buried_obj_id, run.id):
        _set_back(run.buried_obj_id, service_id, group_id, run.id)


def _set_back(obj_id: str, service_id: int, group_id: int | None, number: int) -> None:
    while True:
        before = next(_before(obj_id, service_id, group_id, number), None)
        found = None if before is None else before.id
        if not Newest.replace(obj_id, (service_id, group_id), number, found) or found is None:
            return
        run = Run.find(found)
        if run is not None and run.state is not State.DELETED:
            return
        number = found  # whoever deleted it may have looked before it was noted


def _before(obj_id: str, service_id: int, group_id: int | None, number: int) -> Iterator[Run]:
    if group_id is None:
        runs = iter(Run.by_object.query(obj_id, Run.analysis_id < number, scan_index_forward=False))
    else:
        runs = of_groups([group_id], obj_id, number)
    return (run for run in runs if run.service_id == service_id and run.state is not State.DELETED)
