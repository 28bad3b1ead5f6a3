"""Which lists a run stands in, so that a list costs its reader nothing for what the reader may not see.

A run is read by members of its groups who can read its source. One that is shared with the public group, as runs are
by default, is therefore listed for the groups of the source; any other one for its own groups.
"""

from collections.abc import Iterable

from chalicelib.accounts.groups.groups import public_group
from chalicelib.analyses.items.list_entry import ListEntry
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.limits import MAX_GROUPS


def place(run: Run, source_group_ids: frozenset[int]) -> None:
    """Decide in which lists a new run stands; one that came through a relay in those of its own groups."""
    is_public = run.relay_id is None and public_group() in run.group_ids
    run.public_obj_id = run.obj_id if is_public else None
    by_source = is_public and len(source_group_ids) <= MAX_GROUPS
    run.listed_group_ids = set(source_group_ids if by_source else run.group_ids)


def sights_of(run: Run) -> list[ListEntry]:
    """Return the items that put a new run into the lists."""
    return [ListEntry.of(run, group_id) for group_id in sorted(run.listed_group_ids)]


def show_to(obj_id: str, group_ids: Iterable[int]) -> None:
    """Put the public runs on a source into the lists of groups that it was saved to after they started."""
    groups = sorted(group_ids)
    with ListEntry.batch_write() as batch:
        for run in Run.by_object.query(obj_id):
            for group_id in groups:
                batch.save(ListEntry.of(run, group_id))


def remove(analysis_id: int) -> None:
    """Take a run out of all lists."""
    with ListEntry.batch_write() as batch:
        for sight in ListEntry.of_run(analysis_id):
            batch.delete(sight)
