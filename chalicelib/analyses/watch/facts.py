"""What counting needs to know of many runs: little, and remembered of those that have ended, which never change."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.read.listing import in_batches
from chalicelib.analyses.states import ENDED, State
from chalicelib.memory import Remembered
from chalicelib.services.items.service import Service
from chalicelib.settings import settings
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import group_ids_of

_HOUR = 3600.0
_MOST_REMEMBERED = 50_000
_COLUMNS = ["analysis_id", "sk", "status", "created_at", "obj_id", "service_id", "group_ids", "relay_id"]


@dataclass(frozen=True, slots=True)
class Facts:
    """A run that is not deleted."""

    state: State
    created_at: datetime
    obj_id: str
    service_id: int
    group_ids: frozenset[int]
    is_relayed: bool


_ended: Remembered[Facts] = Remembered(_HOUR, most=_MOST_REMEMBERED)
_groups_of_sources: Remembered[frozenset[int]] = Remembered(settings().identity_seconds, most=_MOST_REMEMBERED)


def facts_of(ids: Iterable[int]) -> dict[int, Facts]:
    """Return what is known of runs by their ids; a call for a hundred that are not remembered."""
    ids = list(ids)
    found = {number: known for number in ids if (known := _ended.get(number)) is not None}
    for batch in in_batches(number for number in ids if number not in found):
        for run in Run.batch_get([(number, RUN_SK) for number in batch], attributes_to_get=_COLUMNS):
            if run.state is State.DELETED:
                continue
            groups = frozenset(run.group_ids or ())
            known = Facts(run.state, run.created_at, run.obj_id, run.service_id, groups, run.relay_id is not None)
            found[run.id] = known
            if run.state in ENDED:
                _ended.put(run.id, known)
    return found


def readable_facts(caller: Caller, ids: Sequence[int]) -> list[Facts]:
    """Return the same for those that the caller may read; a call more for a hundred sources not remembered."""
    known = facts_of(ids)
    mine = [known[number] for number in ids if number in known and caller.reaches(known[number].group_ids)]
    groups = _groups({facts.obj_id for facts in mine if not facts.is_relayed})
    hidden = {
        service.service_id for service in Service.of_ids({facts.service_id for facts in mine}) if service.deleted_at
    }
    return [
        facts
        for facts in mine
        if facts.service_id not in hidden and (facts.is_relayed or _reaches(caller, groups[facts.obj_id]))
    ]


def _reaches(caller: Caller, groups: frozenset[int]) -> bool:
    return bool(groups) and caller.reaches(groups)


def _groups(obj_ids: set[str]) -> dict[str, frozenset[int]]:
    """Return the groups of sources, none of one that is gone."""
    known = {name: groups for name in obj_ids if (groups := _groups_of_sources.get(name)) is not None}
    missing = sorted(obj_ids - set(known))
    for name, source in zip(
        missing, transactions.read_all([(Source, name, SOURCE_SK) for name in missing]), strict=True
    ):
        known[name] = group_ids_of(source) if isinstance(source, Source) else frozenset()
        _groups_of_sources.put(name, known[name])
    return known
