"""What an accepted result says of its source, applied there once, and taken back when the analysis is deleted."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from pynamodb.exceptions import PynamoDBException

from chalicelib import clock
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.results.posted import EFFECTS, analysis_of
from chalicelib.analyses.results.remarks import Remark, annotate, classify
from chalicelib.analyses.run import objects
from chalicelib.analyses.states import State
from chalicelib.http.errors import ApiError
from chalicelib.http.logs import LOGGER
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import Source
from chalicelib.sources.source.summary import add_summary, remove_analysis_summaries

_MOST = 100
"""Annotations or classifications that one result may carry."""

_MOST_CHARACTERS = 300

_SINGULAR = {"annotations": "annotation", "classifications": "classification"}

NOTHING: Mapping[str, str] = MappingProxyType({})

_REFUSED_VALUES = {"ValidationException", "SerializationException"}

Row = dict[str, Any]


def may_have_effects(run: Run, summary: str | None) -> bool:
    """Say whether a result says anything of its source."""
    return run.state is State.COMPLETED and bool((run.is_summary and summary) or EFFECTS & set(run.contents or []))


def apply_effects(
    run: Run, summary: str | None, analysis: dict[str, Any] | None = None, omitted: Mapping[str, str] = NOTHING
) -> list[Row]:
    """Write summary, annotations and classifications to the source, each by itself; return what became of each.

    Doing it twice does no harm: each is stored once for an analysis. Without `analysis` it is read; `omitted` are the
    lists that are not in it, and why.

    Returns
    -------
    list of dict
        at; kind ("summary", "annotation" or "classification"); number, from 0 in the list that was sent, None for the
        list as a whole; name, its origin or class; applied; reason, if it was not.
    """
    if run.state is not State.COMPLETED:
        return not_applied(run, f"the analysis ended as {run.status}")
    if run.relay_id is not None:
        return not_applied(run, "it came through a relay, and its source is the other portal's")
    rows = _summarized(run, summary) if run.is_summary else []
    if not EFFECTS & set(run.contents or []):
        return rows
    known = _known(run, analysis)
    service = Service.of_id(run.service_id)
    origin = service.name if service is not None else f"analysis service {run.service_id}"
    return [
        *rows,
        *_last_of_each_origin(list(_applied(run, origin, "annotations", known, annotate))),
        *_applied(run, origin, "classifications", known, classify),
        *(_row(_SINGULAR[kind], None, None, reason) for kind, reason in omitted.items()),
    ]


def not_applied(run: Run, reason: str) -> list[Row]:
    """Return that nothing of what a result says of its source was applied, and why."""
    return [_row(_SINGULAR[kind], None, None, reason) for kind in sorted(EFFECTS & set(run.contents or []))]


def _known(run: Run, analysis: dict[str, Any] | None) -> dict[str, Any]:
    return analysis_of(objects.get_json(objects.document_key(run.id))) if analysis is None else analysis


def take_back_effects(run: Run) -> None:
    """Remove the entries of a deleted analysis from the summary history of its source."""
    if not run.is_summary or run.buried_obj_id is None:
        return
    try:
        remove_analysis_summaries(run.buried_obj_id, run.id)
    except Source.DoesNotExist:
        LOGGER.info("the source of a deleted summary is gone", extra={"run": run.id})


def _summarized(run: Run, summary: str | None) -> list[Row]:
    if not summary:
        return [_row("summary", None, None, "the results hold no text under `summary`")]
    try:
        add_summary(run.obj_id, summary, user_id=run.author_id, analysis_id=run.id)
    except Source.DoesNotExist:
        LOGGER.warning("the source of a summary is gone", extra={"run": run.id})
        return [_row("summary", None, None, "the source is gone")]
    return [_row("summary", None, None, None)]


def _applied(
    run: Run, origin: str, kind: str, analysis: dict[str, Any], apply: Callable[[Remark], str]
) -> Iterator[Row]:
    sent = analysis.get(kind)
    entries = [sent] if isinstance(sent, dict) else sent  # a single one may come without the list
    if entries is None:
        return
    if not isinstance(entries, list):
        yield _row(_SINGULAR[kind], None, None, "it must be a list of objects")
        return
    for number, entry in enumerate(entries[:_MOST]):
        name, reason = None, None
        try:
            name = apply(Remark(run, origin, number, entry if isinstance(entry, dict) else {}))
        except ApiError as error:
            reason = error.message
        except PynamoDBException as error:
            if error.cause_response_code not in _REFUSED_VALUES:
                raise
            reason = "the database cannot hold such a value"
        yield _row(_SINGULAR[kind], number, name, reason)
    if len(entries) > _MOST:
        yield _row(_SINGULAR[kind], None, None, f"only the first {_MOST} of {len(entries)} are read")


def _last_of_each_origin(rows: list[Row]) -> list[Row]:
    """Mark what a later annotation of the same result replaced: a source has one of each origin."""
    last = {row["name"]: row["number"] for row in rows if row["applied"]}
    return [
        row
        if not row["applied"] or last[row["name"]] == row["number"]
        else {**row, "applied": False, "reason": f"number {last[row['name']]} has the same origin and replaced it"}
        for row in rows
    ]


def _row(kind: str, number: int | None, name: str | None, reason: str | None) -> Row:
    return {
        "at": clock.iso(clock.now()),
        "kind": kind,
        "number": number,
        "name": name,
        "applied": reason is None,
        "reason": None if reason is None else reason[:_MOST_CHARACTERS],
    }
