"""The jobs of a caller for a service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.states import State
from chalicelib.analyses.watch.runs import Wanted, runs_page
from chalicelib.services.items.service import Service
from chalicelib.uws.draft import Draft
from chalicelib.uws.job import Job, job_of_draft, owner_of
from chalicelib.uws.phases import Phase, phase_of, states_of

MOST_LISTED = 500

_MOST_PAGES = 10
"""That are looked through for what is rare."""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which jobs are listed; no phases mean all."""

    phases: frozenset[Phase] = frozenset()
    after: datetime | None = None
    last: int | None = None


def listed(caller: Caller, service: Service, filters: Filters) -> list[Job]:
    """List the caller's own jobs, newest first: of those that are wanted the newest, `MOST_LISTED` at most."""
    most = min(filters.last or MOST_LISTED, MOST_LISTED)
    drafts = {draft.id: draft for draft in Draft.of_service(caller.user_id, service.service_id)}
    jobs = [job_of_draft(draft, caller.username) for draft in drafts.values() if not draft.is_started]
    states = states_of(filters.phases)
    if states or not filters.phases:
        wanted = Wanted(states=states, service_id=service.service_id, author_id=caller.user_id, since=filters.after)
        jobs += _of_runs(caller, wanted, most, drafts)
    by_id = {job.id: job for job in jobs}  # an analysis in the place of its draft
    kept = (job for job in by_id.values() if _is_wanted(job, filters))
    return sorted(kept, key=lambda job: (job.created, job.id), reverse=True)[:most]


def _of_runs(caller: Caller, wanted: Wanted, most: int, drafts: Mapping[int, Draft]) -> Iterator[Job]:
    count = 0
    for _ in range(_MOST_PAGES):
        page = runs_page(caller, wanted, most - count)
        for record in page.records:
            draft = drafts.get(record["id"])
            yield Job(
                id=record["id"],
                phase=phase_of(State(record["status"])),
                owner=record["author"] or owner_of(record["author_id"]),
                created=record["created_at"],
                run_name=None if draft is None else draft.run_name,
            )
        count += len(page.records)
        if page.next_before is None or count >= most:
            return
        wanted = replace(wanted, before=page.next_before)


def _is_wanted(job: Job, filters: Filters) -> bool:
    return (not filters.phases or job.phase in filters.phases) and (
        filters.after is None or job.created > filters.after
    )
