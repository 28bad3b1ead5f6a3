"""Starting an analysis: check, record as `queued`, and hand to the dispatcher. Never waits for the service."""

from datetime import timedelta
from typing import NamedTuple

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import chosen_groups
from chalicelib.analyses import timing
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.items.event_marker import EventMarker
from chalicelib.analyses.items.run import RUN_SK, Run
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.items.table import shard_of
from chalicelib.analyses.limits import MAX_GROUPS
from chalicelib.analyses.run import dispatch_queue, list_entries, moved, objects
from chalicelib.analyses.start import extinction_option
from chalicelib.analyses.start.file_parameters import sent_whole, shown
from chalicelib.analyses.start.limits import check_cap
from chalicelib.analyses.start.store_run import store, under_free_id
from chalicelib.analyses.states import State
from chalicelib.http.errors import Forbidden, NotFound
from chalicelib.ids import new_id
from chalicelib.services.items.service import SERVICE_SK, Service
from chalicelib.services.parameters import check_parameters
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import OBJ_ID, group_ids_of, may_read

FIRST_LOOK = timedelta(seconds=60)
"""When the sweep sends a run whose message was lost between the record and the queue."""


class Subject(NamedTuple):
    """What an analysis starts from, read in one consistent call."""

    source: Source
    service: Service
    runs: RunCount


class Origin(NamedTuple):
    """What a run has from where it comes from."""

    run_id: int | None = None
    """Reserved for it, so that what arrives twice starts it once."""
    marker: EventMarker | None = None
    """Names the event that starts it by itself, once."""
    repeats: Run | None = None
    """The run whose stored inputs and parameters it takes over."""
    batch_id: int | None = None


_BY_HAND = Origin()


def start(caller: Caller, obj_id: str, service_id: int, wanted: NewAnalysis, origin: Origin = _BY_HAND) -> Run:
    """Record a run and send it to the dispatcher.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's, disabled, or takes uploads only.
    NotFound
        The caller cannot see the object.
    BadRequest
        Undeclared parameters, too many analyses of this author on the object, or a correction for extinction without
        E(B-V).
    AlreadyStarted
        Under the reserved id, or by the event of the marker, before.
    """
    subject = read_subject(caller, obj_id, service_id)
    check_is_called(subject.service)
    parameters = wanted.analysis_parameters or {}
    check_parameters(subject.service, parameters)
    extinction_option.check(subject.source, parameters)
    check_cap(subject.runs)
    groups = chosen_groups(caller, wanted.group_ids, most=MAX_GROUPS)

    def begin(run_id: int) -> Run:
        run = new_run(caller, subject, wanted, groups, origin._replace(run_id=run_id))
        if sent_whole(parameters):
            run.parameters_key = objects.new_parameters_key(run.id)
            objects.put_json(run.parameters_key, parameters)
        if origin.repeats is not None:
            _take_over(run, origin.repeats)
        store(run, subject.runs, origin.marker)
        return run

    run = under_free_id(origin.run_id, begin)
    dispatch_queue.send(run)
    return run


def _take_over(run: Run, other: Run) -> None:
    """Store the inputs and the parameters of another run as those of this one; what was never sent has no inputs."""
    if objects.exists(objects.inputs_key(other.id)):
        run.keeps_inputs = True
        objects.copy(objects.inputs_key(other.id), objects.inputs_key(run.id))
    if other.parameters_key is not None:
        run.parameters_key = objects.new_parameters_key(run.id)
        objects.copy(other.parameters_key, run.parameters_key)


def read_subject(caller: Caller, obj_id: str, service_id: int) -> Subject:
    """Read what an analysis starts from.

    Raises
    ------
    Forbidden
        The service is unknown, not the caller's, or disabled.
    NotFound
        The caller cannot see the object.
    """
    no_source = NotFound(f"Error posting analysis: Obj {obj_id} not found")
    if not OBJ_ID.fullmatch(obj_id):
        raise no_source  # DynamoDB would refuse the longest of them
    source, service, count = transactions.read(
        lambda reading: (
            reading.get(Source, obj_id, SOURCE_SK),
            reading.get(Service, service_id, SERVICE_SK),
            reading.get(RunCount, obj_id, RunCount.key(caller.user_id)),
        )
    )
    try:
        found_service: Service | None = service.get()
    except Service.DoesNotExist:
        found_service = None
    usable = usable_service(caller, service_id, found_service)
    try:
        found_source: Source = source.get()
    except Source.DoesNotExist:
        raise no_source from None
    if not may_read(caller, found_source):
        raise no_source
    try:
        found_count: RunCount = count.get()
    except RunCount.DoesNotExist:
        found_count = RunCount(obj_id, RunCount.key(caller.user_id))
    return Subject(found_source, usable, found_count)


def usable_service(caller: Caller, service_id: int, service: Service | None) -> Service:
    """Return a service if the caller may use it.

    Raises
    ------
    Forbidden
        It is unknown, not the caller's, or disabled.
    """
    if service is None or service.deleted_at or not service.enabled or not caller.reaches(service.group_ids):
        raise Forbidden(f"Could not access Analysis Service ID: {service_id}.")
    return service


def check_is_called(service: Service) -> None:
    """Refuse to start what a service is never asked for.

    Raises
    ------
    Forbidden
        It takes uploads only.
    """
    if service.upload_only:
        raise Forbidden(
            f"Analysis Service ID: {service.service_id} is of type upload_only. "
            "Please use the analysis_upload endpoint."
        )


def new_run(
    caller: Caller, subject: Subject, wanted: NewAnalysis, group_ids: frozenset[int], origin: Origin = _BY_HAND
) -> Run:
    """Make the record of a run that is about to be sent."""
    now, run_id, timeout = clock.now(), origin.run_id or new_id(), subject.service.timeout
    filters = wanted.input_filters
    is_patient = origin.batch_id is not None or subject.service.max_in_flight is not None
    run = Run(
        run_id,
        RUN_SK,
        obj_id=subject.source.obj_id,
        service_id=subject.service.service_id,
        author_id=caller.user_id,
        author_group_ids=set(caller.group_ids),
        author_is_admin=caller.is_admin,
        group_ids=set(group_ids),
        created_at=now,
        modified=now,
        last_activity=now,
        moved=now,
        moved_in=moved.place(run_id, now),
        analysis_parameters=shown(wanted.analysis_parameters or {}),
        input_filters=None if filters is None else filters.model_dump(exclude_none=True),
        show_parameters=wanted.show_parameters,
        show_plots=wanted.show_plots,
        show_corner=wanted.show_corner,
        is_summary=subject.service.is_summary,
        status=str(State.QUEUED),
        status_message="Waiting to be sent.",
        timeout=timeout,
        send_before=timing.send_before(now, timeout, patient=is_patient),
        invalid_after=timing.invalid_after(now, timeout),
        batch_id=origin.batch_id,
        due=now + FIRST_LOOK,
        due_shard=shard_of(run_id),
    )
    list_entries.place(run, group_ids_of(subject.source))
    return run
