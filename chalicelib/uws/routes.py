"""`/api/uws/<service>`: analyses as jobs of the Universal Worker Service, for clients of the Virtual Observatory.

https://www.ivoa.net/documents/UWS/20161024/, section 2.2. What is asked of a job that is none is 404; failures have the
one shape of all others.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from chalice.app import Blueprint
from pydantic import Field, model_validator

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.limits import LONGEST_WAIT_SECONDS
from chalicelib.http.endpoint import Content, Incoming
from chalicelib.http.envelope import Reply, see_other
from chalicelib.http.errors import BadRequest, Conflict, NotFound
from chalicelib.http.moments import Moment
from chalicelib.http.parsing import Query
from chalicelib.services.items.service import Service
from chalicelib.settings import settings
from chalicelib.uws import control, documents
from chalicelib.uws.form import form_of
from chalicelib.uws.job import Job
from chalicelib.uws.jobs import Found, find, service_of, waited
from chalicelib.uws.listing import Filters, listed
from chalicelib.uws.phases import Phase

blueprint = Blueprint(__name__)

_JOBS = "/api/uws/{service}"
_JOB = f"{_JOBS}/{{job_id}}"
_PLAIN = "text/plain; charset=utf-8"
_XML = Content((documents.CONTENT_TYPE,))
_TEXT = Content((_PLAIN,))


class _Upper(Query):
    """Parameters whose names count without case, as DALI has it."""

    @model_validator(mode="before")
    @classmethod
    def _without_case(cls, values: Any) -> Any:  # noqa: ANN401 - pydantic's
        return {name.upper(): value for name, value in values.items()} if isinstance(values, Mapping) else values


class JobsQuery(_Upper):
    """Which jobs: all that are given must hold."""

    phase: Annotated[Phase | None, Field(alias="PHASE", description="may be repeated: any of them")] = None
    after: Annotated[Moment | None, Field(alias="AFTER", description="made later than this moment")] = None
    last: Annotated[int | None, Field(alias="LAST", ge=1, le=2**31, description="so many, the newest")] = None


class WaitQuery(_Upper):
    """Whether the answer waits for the job to leave its phase."""

    wait: Annotated[
        int | None,
        Field(alias="WAIT", ge=-1, le=2**31, description=f"s, {LONGEST_WAIT_SECONDS} at most; -1: as long as may be"),
    ] = None
    phase: Annotated[Phase | None, Field(alias="PHASE", description="only while it is in this one")] = None


@endpoint(blueprint, "GET", _JOBS, answers=lambda: _XML)
def get_uws_jobs(caller: Caller, service: str, query: JobsQuery, incoming: Incoming) -> Reply:
    """List one's own jobs for a service, by its id or its name: the newest first, 500 at most."""
    found = service_of(caller, service)
    filters = Filters(_phases(incoming), query.after, query.last)
    jobs = [(job, _url(found, job.id)) for job in listed(caller, found, filters)]
    return _xml(documents.jobs_document(jobs))


@endpoint(blueprint, "POST", _JOBS, permission=RUN_ANALYSES, form=True, see_other=True, raises=(Conflict,))
def make_uws_job(caller: Caller, service: str, incoming: Incoming) -> Reply:
    """Make a job of the fields of a form: OBJ, the object, and the parameters that the service declares.

    With PHASE=RUN it is started, otherwise it waits for that, for a day. RUNID is kept for a week.
    """
    found = service_of(caller, service)
    return _to_job(found, control.make(caller, found, form_of(incoming)))


@endpoint(blueprint, "GET", _JOB, answers=lambda: _XML)
def get_uws_job(caller: Caller, service: str, job_id: int, query: WaitQuery) -> Reply:
    """Read a job, with WAIT as soon as it has left its phase."""
    seconds = 0 if query.wait is None else LONGEST_WAIT_SECONDS if query.wait < 0 else query.wait
    return _xml(documents.job_document(waited(caller, service_of(caller, service), job_id, seconds, query.phase)))


@endpoint(blueprint, "POST", _JOB, permission=RUN_ANALYSES, form=True, see_other=True)
def post_uws_job(caller: Caller, service: str, job_id: int, incoming: Incoming) -> Reply:
    """Remove a job with ACTION=DELETE, or change the parameters of one that was not started, and its phase."""
    found, job, form = *_found(caller, service, job_id), form_of(incoming)
    action, phase = form.control.get("ACTION"), form.control.get("PHASE")
    if action is not None and action.upper() != "DELETE":
        raise BadRequest(f"ACTION may be DELETE, not {action[:100]!r}.")
    if action is not None:
        control.remove(caller, job)
        return see_other(_url(found))
    if form.parameters or form.obj_id or phase is None:
        control.change(job, found, form)
    return _to_job(found, job_id if phase is None else control.set_phase(caller, found, job, phase))


@endpoint(blueprint, "DELETE", _JOB, permission=RUN_ANALYSES, see_other=True)
def delete_uws_job(caller: Caller, service: str, job_id: int) -> Reply:
    """Remove a job of one's own, with its analysis and its products."""
    found, job = _found(caller, service, job_id)
    control.remove(caller, job)
    return see_other(_url(found))


@endpoint(blueprint, "GET", f"{_JOB}/phase", answers=lambda: _TEXT)
def get_uws_phase(caller: Caller, service: str, job_id: int) -> Reply:
    """Read the phase of a job."""
    return _text(_job(caller, service, job_id).phase.value)


@endpoint(blueprint, "POST", f"{_JOB}/phase", permission=RUN_ANALYSES, form=True, see_other=True)
def post_uws_phase(caller: Caller, service: str, job_id: int, incoming: Incoming) -> Reply:
    """Start a job with PHASE=RUN, or end it with PHASE=ABORT."""
    found, job = _found(caller, service, job_id)
    return _to_job(found, control.set_phase(caller, found, job, form_of(incoming).control.get("PHASE", "")))


@endpoint(blueprint, "GET", f"{_JOB}/parameters", answers=lambda: _XML)
def get_uws_parameters(caller: Caller, service: str, job_id: int) -> Reply:
    """Read the parameters of a job."""
    return _xml(documents.parameters_document(_job(caller, service, job_id).parameters))


@endpoint(blueprint, "POST", f"{_JOB}/parameters", permission=RUN_ANALYSES, form=True, see_other=True)
def post_uws_parameters(caller: Caller, service: str, job_id: int, incoming: Incoming) -> Reply:
    """Replace parameters of a job that was not started."""
    found, job = _found(caller, service, job_id)
    control.change(job, found, form_of(incoming))
    return _to_job(found, job_id)


@endpoint(blueprint, "GET", f"{_JOB}/results", answers=lambda: _XML)
def get_uws_results(caller: Caller, service: str, job_id: int) -> Reply:
    """Read where the products of a job are; what cannot be read is not among them."""
    return _xml(documents.results_document(_job(caller, service, job_id).results))


@endpoint(blueprint, "GET", f"{_JOB}/error", answers=lambda: _TEXT)
def get_uws_error(caller: Caller, service: str, job_id: int) -> Reply:
    """Read why a job is in error; 404 if it is not."""
    job = _job(caller, service, job_id)
    if job.error is None:
        raise NotFound(f"This job is {job.phase.value}, and has no error.")
    return _text(job.error)


@endpoint(blueprint, "GET", f"{_JOB}/quote", answers=lambda: _TEXT)
def get_uws_quote(caller: Caller, service: str, job_id: int) -> Reply:
    """Read when a job is expected to be done: empty, for nobody knows how long another's service thinks."""
    _job(caller, service, job_id)
    return _text("")


@endpoint(blueprint, "GET", f"{_JOB}/owner", answers=lambda: _TEXT)
def get_uws_owner(caller: Caller, service: str, job_id: int) -> Reply:
    """Read who made a job."""
    return _text(_job(caller, service, job_id).owner)


@endpoint(blueprint, "GET", f"{_JOB}/executionduration", answers=lambda: _TEXT)
def get_uws_execution_duration(caller: Caller, service: str, job_id: int) -> Reply:
    """Read for how long a job may execute, in seconds: the timeout of its service, 0 before it is started."""
    return _text(str(_job(caller, service, job_id).seconds))


@endpoint(blueprint, "POST", f"{_JOB}/executionduration", permission=RUN_ANALYSES, form=True, see_other=True)
def post_uws_execution_duration(caller: Caller, service: str, job_id: int, incoming: Incoming) -> Reply:
    """Take note that another duration is wished for; the service's own is kept, which the standard allows."""
    found, _ = _found(caller, service, job_id)
    control.check_duration(form_of(incoming).control.get("EXECUTIONDURATION"))
    return _to_job(found, job_id)


@endpoint(blueprint, "GET", f"{_JOB}/destruction", answers=lambda: _TEXT)
def get_uws_destruction(caller: Caller, service: str, job_id: int) -> Reply:
    """Read when a job is destroyed: a day after it was made, unless it is started; empty for what is kept."""
    moment = _job(caller, service, job_id).destruction
    return _text("" if moment is None else documents.iso(moment))


@endpoint(blueprint, "POST", f"{_JOB}/destruction", permission=RUN_ANALYSES, form=True, see_other=True)
def post_uws_destruction(caller: Caller, service: str, job_id: int, incoming: Incoming) -> Reply:
    """Set when a job that was not started is destroyed, within a week; an analysis is kept until it is deleted."""
    found, job = _found(caller, service, job_id)
    control.destroy_later(job, form_of(incoming).control.get("DESTRUCTION"))
    return _to_job(found, job_id)


def _found(caller: Caller, service: str, job_id: int) -> tuple[Service, Found]:
    found = service_of(caller, service)
    return found, find(caller, found, job_id)


def _job(caller: Caller, service: str, job_id: int) -> Job:
    return _found(caller, service, job_id)[1].job


def _phases(incoming: Incoming) -> frozenset[Phase]:
    given = [value for name, values in incoming.repeated.items() if name.upper() == "PHASE" for value in values]
    try:
        return frozenset(Phase(value) for value in given)
    except ValueError as error:
        raise BadRequest(f"{error}; phases are {', '.join(Phase)}.") from None


def _url(service: Service, job_id: int | None = None) -> str:
    end = "" if job_id is None else f"/{job_id}"
    return f"{settings().public_url}/api/uws/{service.service_id}{end}"


def _to_job(service: Service, job_id: int) -> Reply:
    return see_other(_url(service, job_id))


def _xml(content: bytes) -> Reply:
    return Reply(content, documents.CONTENT_TYPE)


def _text(content: str) -> Reply:
    return Reply(content.encode(), _PLAIN)
