"""Who may read and who may change an analysis."""

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.states import State
from chalicelib.http.errors import Forbidden
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import may_read

_REFUSAL = "Cannot access this Analysis."


def readable(caller: Caller, analysis_id: int, obj_id: str | None = None) -> tuple[Run, Service | None]:
    """Return a run and its service (None if that is gone), in two calls.

    An analysis is readable by the members of its groups who can read the source.

    Raises
    ------
    Forbidden
        Unknown, deleted and foreign analyses alike.
    """
    run = Run.find(analysis_id)
    if run is None or run.state is State.DELETED or not caller.reaches(run.group_ids):
        raise Forbidden(_REFUSAL)
    if obj_id is not None and run.obj_id != obj_id:
        raise Forbidden(_REFUSAL)
    source, service = transactions.read(
        lambda reading: (
            reading.get(Source, run.obj_id, SOURCE_SK),
            reading.get(Service, run.service_id, SERVICE_SK),
        )
    )
    try:
        found_source: Source = source.get()
    except Source.DoesNotExist:
        raise Forbidden(_REFUSAL) from None
    if not may_read(caller, found_source):
        raise Forbidden(_REFUSAL)
    try:
        found_service: Service = service.get()
    except Service.DoesNotExist:
        return run, None
    if found_service.deleted_at:
        # a deleted service's analyses are hidden from that moment
        raise Forbidden(_REFUSAL)
    return run, found_service


def of_author(caller: Caller, analysis_id: int) -> Run:
    """Return a run that the caller may read and is the author of, or any one to a System admin.

    Raises
    ------
    Forbidden
        Anybody else.
    """
    run, _ = readable(caller, analysis_id)
    if not (caller.is_admin or run.author_id == caller.user_id):
        raise Forbidden("Only its author may see how this Analysis was sent.")
    return run


def owned(caller: Caller, analysis_id: int) -> Run:
    """Return a run that the caller may change: its author or a System admin.

    Raises
    ------
    Forbidden
        Anybody else.
    """
    run = Run.find(analysis_id)
    if run is None or run.state is State.DELETED or not (caller.is_admin or run.author_id == caller.user_id):
        raise Forbidden(_REFUSAL)
    return run
