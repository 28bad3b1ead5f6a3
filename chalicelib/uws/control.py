"""Jobs made, changed, started, ended and removed, through the verbs of analyses."""

from datetime import datetime

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.run.access import owned
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.start.start import Origin, start
from chalicelib.analyses.start.store_run import id_of
from chalicelib.analyses.upkeep.cancel import cancel
from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import read_moment
from chalicelib.ids import new_id
from chalicelib.services.items.service import Service
from chalicelib.uws.draft import MOST, Draft, expiry
from chalicelib.uws.form import Form
from chalicelib.uws.jobs import Found
from chalicelib.uws.phases import ACTIVE, phase_of
from chalicelib.uws.values import parameters_of


def make(caller: Caller, service: Service, form: Form) -> int:
    """Make a job of a form, started if it says PHASE=RUN, and return its id.

    Raises
    ------
    BadRequest
        A parameter is not declared or not of its kind, PHASE is something else, or there are too many drafts.
    Forbidden, NotFound
        As of a start.
    """
    phase = form.control.get("PHASE", "")
    if phase not in {"", "RUN"}:
        raise BadRequest(f"PHASE of a new job may be RUN, not {phase[:100]!r}.")
    parameters_of(service, form.parameters)
    job_id, name = new_id(), form.control.get("RUNID")
    expires = expiry(_moment(form.control.get("DESTRUCTION")))
    draft = Draft(
        *Draft.key(caller.user_id, service.service_id, job_id),
        obj_id=form.obj_id,
        parameters=dict(form.parameters),
        run_name=name,
        expires=expires,
    )
    if not phase:
        if len(Draft.of_service(caller.user_id, service.service_id)) >= MOST:
            raise BadRequest(f"There are {MOST} jobs of yours that were not started: start or delete some.")
        draft.save()
        return job_id
    return _run(caller, service, draft)


def change(found: Found, service: Service, form: Form) -> None:
    """Replace parameters of a job that was not started."""
    draft = found.pending
    parameters_of(service, form.parameters)
    draft.parameters = {**draft.parameters, **form.parameters}
    draft.obj_id = form.obj_id or draft.obj_id
    draft.save()


def run(caller: Caller, service: Service, found: Found) -> int:
    """Start a job and return its id; one that is under way already stays as it is."""
    if found.run is not None and phase_of(found.run.state) in ACTIVE:
        return found.run.id
    return _run(caller, service, found.pending)


def abort(caller: Caller, found: Found) -> None:
    """End a job; raises BadRequest if it has ended."""
    if found.run is not None:
        cancel(caller, found.run.id)
        return
    draft = found.pending
    draft.is_aborted = True
    draft.save()


def remove(caller: Caller, found: Found) -> None:
    """Remove a job, and its analysis with all that belongs to it."""
    if found.run is not None:
        delete(owned(caller, found.run.id))
    if found.draft is not None:
        found.draft.delete()


def destroy_later(found: Found, moment: str | None) -> None:
    """Set when a job that was not started goes; an analysis is kept until it is deleted, and stays as it is."""
    if found.run is None and found.draft is not None:
        found.draft.expires = expiry(_moment(moment))
        found.draft.save()


def _run(caller: Caller, service: Service, draft: Draft) -> int:
    """Start the analysis of a draft under its id; what the client calls it is kept beside it."""
    if not draft.obj_id:
        raise BadRequest("OBJ is missing: the id of the object that is to be analysed.")
    wanted = NewAnalysis(
        analysis_parameters=parameters_of(service, draft.parameters),
        show_parameters=True,
        show_plots=True,
        show_corner=True,
    )
    origin = Origin(run_id=draft.id)
    started = id_of(lambda: start(caller, str(draft.obj_id), service.service_id, wanted, origin))
    if draft.run_name is None or started != draft.id:
        draft.delete()
    else:
        draft.is_started, draft.parameters = True, {}
        draft.save()
    return started


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        raise BadRequest(f"DESTRUCTION {error}.") from None
