"""Jobs made, changed, started, ended and removed, through the verbs of analyses."""

import json
import math
from contextlib import suppress
from datetime import datetime

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run.access import owned
from chalicelib.analyses.run.deletion import delete
from chalicelib.analyses.start.start import Origin, start
from chalicelib.analyses.start.store_run import id_of
from chalicelib.analyses.states import OPEN
from chalicelib.analyses.upkeep.cancel import cancel
from chalicelib.http.errors import BadRequest
from chalicelib.http.moments import read_moment
from chalicelib.ids import new_id
from chalicelib.places import save_in
from chalicelib.services.items.service import Service
from chalicelib.uws.draft import LONGEST_LIFETIME, MOST, MOST_BYTES, Draft, expiry
from chalicelib.uws.form import Form
from chalicelib.uws.jobs import Found
from chalicelib.uws.phases import ACTIVE, phase_of
from chalicelib.uws.values import parameters_of

_LONGEST_NAME = 1_000


def make(caller: Caller, service: Service, form: Form) -> int:
    """Make a job of a form, started if it says PHASE=RUN, and return its id.

    Raises
    ------
    BadRequest
        A parameter is not declared or not of its kind, PHASE is something else, or there are too many drafts.
    Forbidden, NotFound
        As of a start.
    Conflict
        Others of the caller's are made at the same time, again and again.
    """
    phase = form.control.get("PHASE", "")
    if phase not in {"", "RUN"}:
        raise BadRequest(f"PHASE of a new job may be RUN, not {phase[:100]!r}.")
    parameters_of(service, form.parameters)
    job_id, name = new_id(), form.control.get("RUNID")
    if len(name or "") > _LONGEST_NAME:
        raise BadRequest(f"RUNID may have {_LONGEST_NAME} characters.")
    expires = expiry(_moment(form.control.get("DESTRUCTION")))
    draft = Draft(
        *Draft.key(caller.user_id, service.service_id, job_id),
        obj_id=form.obj_id,
        parameters=dict(form.parameters),
        run_name=name,
        expires=expires,
    )
    if phase:
        return _run(caller, service, draft, is_stored=False)
    _check_size(draft)
    kind = f"uws#{caller.user_id}#{service.service_id}"
    save_in(kind, lambda: _check_room(caller, service), draft)
    return job_id


def change(found: Found, service: Service, form: Form) -> None:
    """Replace parameters of a job that was not started."""
    draft = found.pending
    parameters_of(service, form.parameters)
    draft.parameters = {**draft.parameters, **form.parameters}
    draft.obj_id = form.obj_id or draft.obj_id
    _check_size(draft)
    _save(draft)


def set_phase(caller: Caller, service: Service, found: Found, phase: str) -> int:
    """Start or end a job as PHASE says, and return its id.

    Raises
    ------
    BadRequest
        It is neither RUN nor ABORT, or the job is in no phase for it.
    """
    if phase == "RUN":
        return run(caller, service, found)
    if phase != "ABORT":
        raise BadRequest(f"PHASE must be RUN or ABORT, not {phase[:100]!r}.")
    abort(caller, found)
    return found.job.id


def run(caller: Caller, service: Service, found: Found) -> int:
    """Start a job and return its id; one that is under way already stays as it is."""
    if found.run is not None and phase_of(found.run.state) in ACTIVE:
        if found.draft is not None and not found.draft.is_started:  # its start died half-way
            found.draft.delete()
        return found.run.id
    return _run(caller, service, found.pending, is_stored=True)


def abort(caller: Caller, found: Found) -> None:
    """End a job; raises BadRequest if it has ended."""
    if found.run is not None:
        cancel(caller, found.run.id)
        return
    draft = found.pending
    draft.is_aborted = True
    _save(draft)
    started = Run.find(draft.id)  # by somebody who read the draft before
    if started is not None and started.state in OPEN:
        cancel(caller, started.id)


def remove(caller: Caller, found: Found) -> None:
    """Remove a job, and its analysis with all that belongs to it."""
    if found.run is not None:
        delete(owned(caller, found.run.id))
    if found.draft is not None:
        found.draft.delete()


def destroy_later(found: Found, moment: str | None) -> None:
    """Set when a job that was not started goes; an analysis is kept until it is deleted, and stays as it is.

    Raises
    ------
    BadRequest
        There is no moment, or it is over.
    """
    if not moment:
        raise BadRequest("DESTRUCTION is missing: the moment at which the job is to be destroyed.")
    if found.run is None and found.draft is not None:
        found.draft.expires = expiry(_moment(moment))
        _save(found.draft)


def check_duration(text: str | None) -> None:
    """Raise BadRequest unless this is a number of seconds; the wish is not granted, which the standard allows."""
    try:
        seconds = float(text or "")
    except ValueError:
        seconds = math.nan
    if not 0 <= seconds < math.inf:
        raise BadRequest("EXECUTIONDURATION must be a number of seconds.")


def _check_room(caller: Caller, service: Service) -> None:
    others = (one for one in Draft.of_service(caller.user_id, service.service_id) if not one.is_started)
    if sum(1 for _ in others) >= MOST:
        raise BadRequest(f"There are {MOST} jobs of yours that were not started: start or delete some.")


def _check_size(draft: Draft) -> None:
    size = len(json.dumps([draft.obj_id, draft.run_name, draft.parameters]).encode())
    if size > MOST_BYTES:
        raise BadRequest(
            f"The parameters have {size} bytes; a job that is not started keeps {MOST_BYTES}. Make it with PHASE=RUN."
        )


def _save(draft: Draft) -> None:
    """Store a draft that was changed, unless somebody has started, aborted or removed it."""
    is_pending = (Draft.is_started == False) & (Draft.is_aborted == False)  # noqa: E712 - conditions of DynamoDB
    if not transactions.holds(lambda: draft.save(is_pending)):
        raise BadRequest("This job was changed by somebody else, and is not PENDING any more.")


def _run(caller: Caller, service: Service, draft: Draft, *, is_stored: bool) -> int:
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
    is_named = draft.run_name is not None and started == draft.id
    if (is_stored or is_named) and not transactions.holds(lambda: _settle(draft, is_named=is_named)):
        with suppress(BadRequest):  # aborted between reading and starting
            cancel(caller, started)
    return started


def _settle(draft: Draft, *, is_named: bool) -> None:
    """Keep of a draft that was started what the client calls it; raises if it was aborted meanwhile."""
    is_open = Draft.pk.does_not_exist() | (Draft.is_aborted == False)  # noqa: E712 - a condition of DynamoDB
    if not is_named:
        draft.delete(is_open)
        return
    draft.is_started, draft.parameters, draft.expires = True, {}, expiry(clock.now() + LONGEST_LIFETIME)
    draft.save(is_open)


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return read_moment(text)
    except ValueError as error:
        raise BadRequest(f"DESTRUCTION {error}.") from None
