"""A job of a service, found for a caller."""

from dataclasses import dataclass

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.read.wait_for_end import wait_for_end, wait_until
from chalicelib.analyses.run.access import readable
from chalicelib.http.errors import BadRequest, Forbidden, NotFound
from chalicelib.registry import NameLock
from chalicelib.services.access import readable_service
from chalicelib.services.items.service import Service
from chalicelib.uws.draft import Draft
from chalicelib.uws.job import Job, job_of_draft, job_of_run
from chalicelib.uws.phases import ACTIVE, Phase

_NO_JOB = "There is no such job."
_MOST_DIGITS = 16
_MOST_CHARACTERS = 200
"""Of the name of a service."""


@dataclass(frozen=True, slots=True)
class Found:
    """A job by what is stored of it; one of both is there."""

    draft: Draft | None
    run: Run | None
    owner: str

    @property
    def job(self) -> Job:
        """The job as it is shown."""
        if self.run is not None:
            return job_of_run(self.run, self.draft)
        return job_of_draft(self._draft, self.owner)

    @property
    def pending(self) -> Draft:
        """The draft of a job that can still be changed; raises BadRequest for any other."""
        if self.run is not None or self._draft.is_aborted:
            raise BadRequest(f"This job is {self.job.phase.value}, and not PENDING any more.")
        return self._draft

    @property
    def _draft(self) -> Draft:
        if self.draft is None:
            raise NotFound(_NO_JOB)
        return self.draft


def service_of(caller: Caller, name: str) -> Service:
    """Return the service that a path names, by id or by name.

    Raises
    ------
    Forbidden
        There is none, or it is not the caller's.
    """
    if name.isascii() and name.isdigit() and len(name) <= _MOST_DIGITS:
        return readable_service(caller, int(name))
    if len(name) > _MOST_CHARACTERS or "\0" in name:
        raise Forbidden("Cannot access this Analysis Service.")
    try:
        number = NameLock.get(NameLock.key("service", name), "lock").owner_id
    except NameLock.DoesNotExist:
        raise Forbidden("Cannot access this Analysis Service.") from None
    return readable_service(caller, number)


def find(caller: Caller, service: Service, job_id: int) -> Found:
    """Return a job: an analysis that the caller may read, or a draft of their own.

    Raises
    ------
    NotFound
        There is none.
    """
    draft = Draft.find(caller.user_id, service.service_id, job_id)  # first: it goes when its analysis is there
    try:
        run = readable(caller, job_id)[0]
    except Forbidden:
        run = None
    if run is not None and run.service_id != service.service_id:
        raise NotFound(_NO_JOB)
    if run is None and (draft is None or draft.is_started):
        raise NotFound(_NO_JOB)
    return Found(draft, run, caller.username)


def waited(caller: Caller, service: Service, job_id: int, seconds: float, phase: Phase | None) -> Job:
    """Return a job when it has left its phase, or as it is after some seconds.

    It is waited for in the phases that the standard calls active, and if `phase` is one only in that.
    """
    found = find(caller, service, job_id)
    now = found.job.phase
    if seconds == 0 or now not in ACTIVE or phase not in {None, now}:
        return found.job
    if found.run is None:
        wait_until(lambda: not _is_pending(Draft.find(caller.user_id, service.service_id, job_id)), seconds)
    else:
        wait_for_end(job_id, seconds, leaves=frozenset({found.run.state}))
    return find(caller, service, job_id).job


def _is_pending(draft: Draft | None) -> bool:
    return draft is not None and not (draft.is_started or draft.is_aborted)
