"""Analyses that start by themselves, when a source is saved to a group or classified."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.identity import caller_of_user
from chalicelib.accounts.permissions import RUN_ANALYSES
from chalicelib.analyses.bodies import NewAnalysis
from chalicelib.analyses.items.event_marker import EventMarker
from chalicelib.analyses.items.run_count import RunCount
from chalicelib.analyses.run import list_entries
from chalicelib.analyses.start.start import Origin, Subject, new_run, start
from chalicelib.analyses.start.store_run import AlreadyStarted, store
from chalicelib.analyses.states import State
from chalicelib.http.errors import ApiError, Unauthorized
from chalicelib.http.logs import LOGGER
from chalicelib.services.defaults.triggers import triggered_by_classification, triggered_by_group
from chalicelib.services.defaults.turns import take_turn
from chalicelib.services.items.default_analysis import DefaultAnalysis
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import Source

Event = dict[str, Any]


def on_event(event: Event) -> None:
    """Start the default analyses that an event triggers, each once however often the event arrives.

    Parameters
    ----------
    event : dict
        `kind` ("saved" or "classified"), `event_id`, `obj_id`, `group_ids`; for classified sources also
        `classification` and `probability`.
    """
    if event["kind"] == "saved":
        list_entries.show_to(event["obj_id"], event["group_ids"])
    for default in _triggered(event):
        marker = EventMarker.of(event["event_id"], default.id)
        if marker.is_stored():
            continue
        if not take_turn(default, clock.now()):
            LOGGER.info("a default analysis has used up its day", extra={"default": default.id})
            continue
        try:
            start(_author(default), event["obj_id"], default.service_id, _wanted(default), Origin(marker=marker))
        except AlreadyStarted:
            LOGGER.info("an event arrived twice at the same time", extra={"default": default.id})
        except ApiError as error:
            _skip(default, event, marker, error.message)


def _triggered(event: Event) -> Iterable[DefaultAnalysis]:
    groups = set(event["group_ids"])
    if event["kind"] == "saved":
        return {default.id: default for group_id in groups for default in triggered_by_group(group_id)}.values()
    found = triggered_by_classification(event["classification"], event["probability"])
    return [default for default in found if not groups.isdisjoint(default.group_ids)]


def _author(default: DefaultAnalysis) -> Caller:
    """Return the default's author with the rights of this moment.

    Raises
    ------
    Unauthorized
        The account is closed, or may not run analyses any more.
    """
    author = caller_of_user(default.author_id)
    if author is None:
        raise Unauthorized("the account of its author is closed.")
    if not author.may(RUN_ANALYSES):
        raise Unauthorized("its author may not run analyses any more.")
    return author


def _wanted(default: DefaultAnalysis) -> NewAnalysis:
    return NewAnalysis(
        analysis_parameters=default.default_analysis_parameters,
        show_parameters=default.show_parameters,
        show_plots=default.show_plots,
        show_corner=default.show_corner,
        group_ids=tuple(sorted(default.group_ids)),
    )


def _skip(default: DefaultAnalysis, event: Event, marker: EventMarker, reason: str) -> None:
    """Leave a cancelled run that says why, where the groups of the default look for its result."""
    LOGGER.warning("a default analysis was skipped", extra={"default": default.id, "reason": reason})
    service, source = Service.of_id(default.service_id), Source.find(event["obj_id"])
    if service is None or service.is_deleted or source is None:
        return
    subject = Subject(source, service, RunCount(source.obj_id, RunCount.key(default.author_id)))
    author = Caller(default.author_id, username="", permissions=frozenset())
    run = new_run(author, subject, _wanted(default), frozenset(default.group_ids))
    run.status, run.status_message = str(State.CANCELLED), f"This default analysis was skipped: {reason}"
    run.due = run.due_shard = None
    with suppress(AlreadyStarted):
        store(run, subject.runs, marker)
