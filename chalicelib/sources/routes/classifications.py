"""`/api/classification` and `/api/sources/<id>/classifications`."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import CLASSIFY
from chalicelib.http.endpoint import Incoming
from chalicelib.http.parsing import validated
from chalicelib.http.reading import json_object
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.records.classifications import (
    ClassificationBody,
    ClassificationPost,
    ClassificationsPost,
    add_classification,
    classification_record,
    remove_classification,
)
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.find_record import find_record
from chalicelib.sources.source.partition import data_of
from chalicelib.sources.source.people import remember_people


@endpoint(
    blueprint,
    "POST",
    "/api/classification",
    permission=CLASSIFY,
    answers=lambda: answers.NewClassification | answers.NewClassifications,
    body=ClassificationBody,
)
def post_classification(caller: Caller, incoming: Incoming) -> dict[str, Any]:
    """Classify a source, or several at once under `classifications`."""
    content = json_object(incoming.body)
    if content.get("classifications"):
        posts = validated(ClassificationsPost, content).classifications
        return {"classification_ids": [add_classification(caller, post) for post in posts]}
    return {"classification_id": add_classification(caller, validated(ClassificationPost, content))}


@endpoint(blueprint, "GET", "/api/classification/{classification_id}", answers=lambda: answers.Classification)
def get_classification(caller: Caller, classification_id: int) -> dict[str, Any]:
    """Read one classification."""
    return classification_record(find_record(caller, Classification, classification_id))


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/classifications", answers=lambda: list[answers.Classification])
def get_classifications(caller: Caller, obj_id: str) -> list[dict[str, Any]]:
    """Read the classifications of a source, oldest first."""
    classifications = data_of(caller, obj_id, {"classifications"}).classifications
    remember_people(classifications)
    return [classification_record(one) for one in classifications]


@endpoint(blueprint, "DELETE", "/api/classification/{classification_id}")
def delete_classification(caller: Caller, classification_id: int) -> None:
    """Remove a classification; its author may, and who manages sources."""
    remove_classification(caller, classification_id)
