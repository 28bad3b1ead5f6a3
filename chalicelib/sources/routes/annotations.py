"""`/api/sources/<id>/annotations`."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import ANNOTATE
from chalicelib.sources.records.annotations import (
    AnnotationPost,
    AnnotationPut,
    add_annotation,
    annotation_of,
    annotation_record,
    change_annotation,
    remove_annotation,
)
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.access import readable_source
from chalicelib.sources.source.partition import data_of
from chalicelib.sources.source.people import remember_people


@endpoint(
    blueprint, "POST", "/api/sources/{obj_id}/annotations", permission=ANNOTATE, answers=lambda: answers.NewAnnotation
)
def post_annotation(caller: Caller, obj_id: str, body: AnnotationPost) -> dict[str, int]:
    """Annotate a source."""
    return {"annotation_id": add_annotation(caller, obj_id, body)}


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/annotations", answers=lambda: list[answers.Annotation], large=True)
def get_annotations(caller: Caller, obj_id: str) -> list[dict[str, Any]]:
    """Read the annotations of a source, oldest first."""
    annotations = data_of(caller, obj_id, {"annotations"}).annotations
    remember_people(annotations)
    return [annotation_record(one) for one in annotations]


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/annotations/{annotation_id}", answers=lambda: answers.Annotation)
def get_annotation(caller: Caller, obj_id: str, annotation_id: int) -> dict[str, Any]:
    """Read one annotation."""
    readable_source(caller, obj_id)
    return annotation_record(annotation_of(caller, obj_id, annotation_id))


@endpoint(blueprint, "PUT", "/api/sources/{obj_id}/annotations/{annotation_id}")
def put_annotation(caller: Caller, obj_id: str, annotation_id: int, body: AnnotationPut) -> None:
    """Replace the data of an annotation; its author may, and who manages sources."""
    change_annotation(caller, obj_id, annotation_id, body)


@endpoint(blueprint, "DELETE", "/api/sources/{obj_id}/annotations/{annotation_id}")
def delete_annotation(caller: Caller, obj_id: str, annotation_id: int) -> None:
    """Remove an annotation; its author may, and who manages sources."""
    remove_annotation(caller, obj_id, annotation_id)
