"""What an accepted result says of its source, applied there once, and taken back when the analysis is deleted."""

from typing import Any

from pydantic import AliasChoices, Field
from pynamodb.exceptions import PynamoDBException

from chalicelib.accounts.users.users import user_record
from chalicelib.analyses.items.run import Run
from chalicelib.analyses.lifecycle import State
from chalicelib.analyses.results.posted import EFFECTS, analysis_of
from chalicelib.analyses.run import objects
from chalicelib.http.errors import ApiError, Conflict
from chalicelib.http.logs import LOGGER
from chalicelib.http.parsing import Body, Id, validated
from chalicelib.services.items.service import Service
from chalicelib.sources.items.source import Source
from chalicelib.sources.records.annotations import Origin, put_annotation
from chalicelib.sources.records.classifications import ClassName, Probability, put_classification
from chalicelib.sources.source.summary import add_summary, remove_analysis_summaries

_MOST = 100
"""Annotations or classifications that one result may carry."""

_MOST_CHARACTERS = 300

Row = dict[str, Any]


class SentAnnotation(Body):
    """An annotation as a service sends it."""

    data: dict[str, Any]
    origin: Origin | None = None


class SentClassification(Body):
    """A classification as a service sends it; the taxonomy by number or by name."""

    classification: ClassName
    taxonomy: Id | str = Field(validation_alias=AliasChoices("taxonomy_id", "taxonomy"))
    probability: Probability = None
    origin: Origin | None = None


def may_have_effects(run: Run, summary: str | None) -> bool:
    """Say whether a result says anything of its source."""
    return run.state is State.COMPLETED and bool((run.is_summary and summary) or EFFECTS & set(run.contents or []))


def apply_effects(run: Run, summary: str | None) -> list[Row]:
    """Write summary, annotations and classifications to the source; return what could not be applied, as products.

    Doing it twice does no harm: each is stored once for an analysis.
    """
    if not may_have_effects(run, summary):
        return []
    if run.is_summary and summary:
        _summarize(run, summary)
    if not EFFECTS & set(run.contents or []):
        return []
    analysis = analysis_of(objects.get_json(objects.document_key(run.id)))
    service = Service.of_id(run.service_id)
    origin = service.name if service is not None else f"analysis service {run.service_id}"
    problems = []
    for kind, apply in (("annotations", _annotate), ("classifications", _classify)):
        entries = _entries(analysis.get(kind))
        for position, entry in enumerate(entries[:_MOST]):
            try:
                apply(run, origin, position, entry if isinstance(entry, dict) else {})
            except ApiError as error:
                problems.append(_problem(f"{kind}/{position}", error.message))
            except PynamoDBException as error:
                if error.cause_response_code != "ValidationException":
                    raise
                problems.append(_problem(f"{kind}/{position}", "the database cannot hold such a value"))
        if len(entries) > _MOST:
            problems.append(_problem(kind, f"only the first {_MOST} of {len(entries)} are read"))
    return problems


def take_back_effects(run: Run) -> None:
    """Remove the entries of a deleted analysis from the summary history of its source."""
    if not run.is_summary or run.buried_obj_id is None:
        return
    try:
        remove_analysis_summaries(run.buried_obj_id, run.id)
    except Source.DoesNotExist:
        LOGGER.info("the source of a deleted summary is gone", extra={"run": run.id})


def _summarize(run: Run, summary: str) -> None:
    try:
        add_summary(run.obj_id, summary, user_id=run.author_id, analysis_id=run.id)
    except Source.DoesNotExist:
        LOGGER.warning("the source of a summary is gone", extra={"run": run.id})


def _entries(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _annotate(run: Run, origin: str, _position: int, entry: Any) -> None:  # noqa: ANN401 - unchecked yet
    annotation = validated(SentAnnotation, entry)
    named = annotation.origin or origin
    stored = put_annotation(
        run.obj_id,
        named,
        annotation.data,
        group_ids=frozenset(run.group_ids),
        user_id=run.author_id,
        analysis_id=run.id,
        service_id=run.service_id,
    )
    if not stored:
        raise Conflict(f"the source has an annotation of origin {named!r} that this service did not write")


def _classify(run: Run, origin: str, position: int, entry: Any) -> None:  # noqa: ANN401 - unchecked yet
    sent = validated(SentClassification, entry)
    author = user_record(run.author_id) or {}
    put_classification(
        run.obj_id,
        sent.classification,
        taxonomy_of=sent.taxonomy,
        probability=sent.probability,
        origin=sent.origin or origin,
        group_ids=frozenset(run.group_ids),
        user_id=run.author_id,
        username=author.get("username", ""),
        analysis_id=run.id,
        position=position,
    )


def _problem(name: str, reason: str) -> Row:
    error = f"Not applied: {reason[:_MOST_CHARACTERS]}"
    return {"name": name, "key": None, "content_type": None, "size": None, "error": error}
