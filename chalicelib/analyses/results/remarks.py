"""Writes to a source one annotation, or one classification, that a result holds."""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AliasChoices, BeforeValidator, Field

from chalicelib.accounts.users.users import user_record
from chalicelib.analyses.items.run import Run
from chalicelib.http.errors import Conflict
from chalicelib.http.parsing import Body, Id, validated
from chalicelib.sources.records import annotations
from chalicelib.sources.records.annotations import put_annotation
from chalicelib.sources.records.classifications import ClassName, Probability, put_classification

Origin = Annotated[
    annotations.Origin | None,
    BeforeValidator(lambda value: None if isinstance(value, str) and not value.strip() else value),
]
"""A blank one stands for the default."""


class SentAnnotation(Body):
    """An annotation as a service sends it."""

    data: dict[str, Any]
    origin: Origin = None


class SentClassification(Body):
    """A classification as a service sends it; the taxonomy by number or by name."""

    classification: ClassName
    taxonomy: Id | str = Field(validation_alias=AliasChoices("taxonomy_id", "taxonomy"))
    probability: Probability = None
    origin: Origin = None


@dataclass(frozen=True, slots=True)
class Remark:
    """One entry of a result about its source."""

    run: Run
    default_origin: str
    number: int
    entry: Any


def annotate(said: Remark) -> str:
    """Store an annotation and return its origin; it replaces what the same service wrote before.

    Raises
    ------
    ApiError
        It is none, or the origin is not the service's to write.
    """
    annotation = validated(SentAnnotation, said.entry)
    named = annotation.origin or said.default_origin
    kept = put_annotation(
        said.run.obj_id,
        named,
        annotation.data,
        group_ids=frozenset(said.run.group_ids),
        user_id=said.run.author_id,
        analysis_id=said.run.id,
        service_id=said.run.service_id,
    )
    if kept == "foreign":
        raise Conflict(f"the source has an annotation of origin {named!r} that this service did not write")
    if kept == "newer":
        raise Conflict(f"an analysis that was started later wrote the annotation of origin {named!r}")
    return named


def classify(said: Remark) -> str:
    """Store a classification and return its class.

    Raises
    ------
    ApiError
        It is none, or its taxonomy is unknown or has no such class.
    """
    sent = validated(SentClassification, said.entry)
    author = user_record(said.run.author_id) or {}
    put_classification(
        said.run.obj_id,
        sent.classification,
        taxonomy_of=sent.taxonomy,
        probability=sent.probability,
        origin=sent.origin or said.default_origin,
        group_ids=frozenset(said.run.group_ids),
        user_id=said.run.author_id,
        username=author.get("username", ""),
        analysis_id=said.run.id,
        position=said.number,
    )
    return sent.classification
