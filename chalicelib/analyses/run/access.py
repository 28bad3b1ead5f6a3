"""Who may read and who may change an analysis."""

from typing import TYPE_CHECKING

from chalicelib import transactions
from chalicelib.accounts.caller import Caller
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.states import State
from chalicelib.http.errors import Forbidden
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import may_read

if TYPE_CHECKING:
    from pynamodb.models import _ModelFuture

_REFUSAL = "Cannot access this Analysis."


def readable(caller: Caller, analysis_id: int, obj_id: str | None = None) -> tuple[Run, Service | None]:
    """Return a run and its service (None if that is gone), in two calls.

    An analysis is readable by the members of its groups who can read the source; one that came through a relay by the
    members of its groups, for its source may be elsewhere.

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
    if run.relay_id is None and not _may_read(caller, source):
        raise Forbidden(_REFUSAL)
    try:
        found_service: Service = service.get()
    except Service.DoesNotExist:
        return run, None
    if found_service.deleted_at:
        # a deleted service's analyses are hidden from that moment
        raise Forbidden(_REFUSAL)
    return run, found_service


def _may_read(caller: Caller, read: "_ModelFuture[Source]") -> bool:
    try:
        return may_read(caller, read.get())
    except Source.DoesNotExist:
        return False


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
