"""Starting an analysis once more, with the same parameters and the same inputs, or with others."""

from chalicelib.accounts.caller import Caller
from chalicelib.analyses.bodies import ChangedAnalysis, InputFilters, NewAnalysis
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.run import objects
from chalicelib.analyses.run.access import of_author
from chalicelib.analyses.start import relayed
from chalicelib.analyses.start.start import Origin, start
from chalicelib.analyses.states import OPEN
from chalicelib.http.errors import BadRequest
from chalicelib.services.items.service import Service

_AS_IT_WAS = ChangedAnalysis()


def retry(caller: Caller, analysis_id: int, run_id: int, changed: ChangedAnalysis = _AS_IT_WAS) -> Run:
    """Start a new analysis, with the id `run_id`, that repeats one which has ended.

    The service gets exactly what it was sent, or would have been: an analysis that was never sent is assembled now, and
    so is one with other parameters or filters.

    Raises
    ------
    Forbidden
        Neither its author nor a System admin, or no longer allowed to start it.
    BadRequest
        It has not ended, was uploaded, or the limits of `start` are reached.
    AlreadyStarted
        There is an analysis `run_id`.
    """
    run = of_author(caller, analysis_id)
    if run.state in OPEN:
        raise BadRequest("This analysis has not ended. Wait for its end, or cancel it first.")
    if run.relay_id is not None:
        return relayed.again(caller, run, Service.of_id(run.service_id), changed, Origin(run_id=run_id))
    wanted, origin = as_wanted(run), Origin(run_id=run_id, repeats=run)
    if changed != _AS_IT_WAS:
        wanted, origin = _with_changes(run, wanted, changed), Origin(run_id=run_id)
    return start(caller, run.obj_id, run.service_id, wanted, origin)


def _with_changes(run: Run, wanted: NewAnalysis, changed: ChangedAnalysis) -> NewAnalysis:
    """Replace what is given; files among the parameters that stay are sent whole again."""
    parameters = changed.analysis_parameters
    return wanted.model_copy(
        update={
            "analysis_parameters": objects.parameters_of(run) if parameters is None else parameters,
            "input_filters": changed.input_filters or wanted.input_filters,
        }
    )


def as_wanted(run: Run) -> NewAnalysis:
    """Return what was asked for when a run was started."""
    filters = None if run.input_filters is None else InputFilters.model_validate(run.input_filters)
    return NewAnalysis(
        analysis_parameters=run.analysis_parameters,
        input_filters=filters,
        show_parameters=run.show_parameters,
        show_plots=run.show_plots,
        show_corner=run.show_corner,
        group_ids=tuple(sorted(run.group_ids)),
    )
