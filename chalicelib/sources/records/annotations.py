"""Annotations on a source, one of each origin."""

from typing import Annotated, Any, Literal

from pydantic import Field
from pynamodb.transactions import TransactWrite

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.permissions import ANNOTATE
from chalicelib.accounts.users.users import user_record
from chalicelib.http.errors import BadRequest, Forbidden
from chalicelib.http.parsing import Body
from chalicelib.ids import new_id
from chalicelib.sources import blobs
from chalicelib.sources.items.annotation import ANNOTATION, Annotation
from chalicelib.sources.source.access import GroupIds, check_change, group_ids_of, readable_source, shared_groups
from chalicelib.sources.source.optimistic_update import again_on_conflict
from chalicelib.sources.source.partition import records_of
from chalicelib.sources.source.remarks import delete_remark, write_remark

Origin = Annotated[str, Field(min_length=1, max_length=250)]

Kept = Literal["stored", "foreign", "newer"]
"""What became of an annotation of an analysis."""


class AnnotationPost(Body):
    """Values and where they come from."""

    origin: Origin
    data: dict[str, Any]
    group_ids: GroupIds = None


class AnnotationPut(Body):
    """New values; what is not given stays."""

    data: dict[str, Any]
    origin: Origin | None = None
    group_ids: GroupIds = None


def add_annotation(caller: Caller, obj_id: str, post: AnnotationPost) -> int:
    """Store an annotation and return its number.

    Raises
    ------
    NotFound
        "Source not found".
    BadRequest
        The source has one of this origin.
    """
    source = readable_source(caller, obj_id)
    groups = shared_groups(caller, source, post.group_ids)

    def once() -> int:
        existing = _find(obj_id, post.origin)
        if existing is not None:
            raise _taken(existing)
        annotation = _new(obj_id, post.origin, caller.user_id)
        annotation.group_ids = set(groups)
        _replace(annotation, post.data, stale_key=None)
        return annotation.id

    return again_on_conflict(once)


def change_annotation(caller: Caller, obj_id: str, annotation_id: int, put: AnnotationPut) -> None:
    """Replace the data of an annotation, and its origin and groups if they are given.

    Raises
    ------
    Forbidden
        There is none that the caller may see, or the caller neither wrote it nor manages sources.
    BadRequest
        The source has another one of the new origin.
    """
    source = readable_source(caller, obj_id)

    def once() -> None:
        old = annotation_of(caller, obj_id, annotation_id)
        check_change(caller, old, ANNOTATE)
        renamed = put.origin is not None and put.origin != old.origin
        existing = _find(obj_id, put.origin) if renamed and put.origin is not None else None
        if existing is not None:
            raise _taken(existing)
        new = _new(obj_id, put.origin or old.origin, old.owner_id) if renamed else old
        new.record_id, new.created_at, new.modified = old.record_id, old.created_at, clock.now()
        new.group_ids = set(shared_groups(caller, source, put.group_ids) if put.group_ids else group_ids_of(old))
        _replace(new, put.data, gone=old if renamed else None, stale_key=old.content_key)

    again_on_conflict(once)


def put_annotation(  # noqa: PLR0913 - what an analysis says
    obj_id: str,
    origin: str,
    data: dict[str, Any],
    *,
    group_ids: frozenset[int],
    user_id: int,
    analysis_id: int,
    service_id: int,
) -> Kept:
    """Store what an analysis annotated; return "stored", or why not: "foreign" if somebody else holds the origin.

    A service replaces what it wrote before, but not what an analysis that was started later wrote ("newer"): to call
    this again for the same analysis changes nothing.
    """

    def once() -> Kept:
        existing = _find(obj_id, origin)
        if existing is not None and existing.service_id != service_id:
            return "foreign"
        if existing is not None and (existing.analysis_id or 0) > analysis_id:
            return "newer"
        annotation = existing or _new(obj_id, origin, user_id)
        annotation.group_ids = set(group_ids)
        annotation.analysis_id, annotation.service_id, annotation.modified = analysis_id, service_id, clock.now()
        _replace(annotation, data, stale_key=annotation.content_key)
        return "stored"

    return again_on_conflict(once)


def remove_annotation(caller: Caller, obj_id: str, annotation_id: int) -> None:
    """Delete an annotation; raise Forbidden to all but its author and those who manage sources."""
    readable_source(caller, obj_id)

    def once() -> str | None:
        annotation = annotation_of(caller, obj_id, annotation_id)
        check_change(caller, annotation, ANNOTATE)
        delete_remark(annotation, lambda write: write.delete(annotation))
        key: str | None = annotation.content_key
        return key

    key = again_on_conflict(once)
    if key is not None:
        blobs.remove(key)


def annotation_of(caller: Caller, obj_id: str, annotation_id: int) -> Annotation:
    """Read an annotation of a source by its number; raise Forbidden if there is none that the caller may see."""
    for record in records_of(obj_id, ANNOTATION):
        if isinstance(record, Annotation) and record.id == annotation_id and caller.reaches(group_ids_of(record)):
            return record
    raise Forbidden("Cannot access this annotation.")


def annotation_record(annotation: Annotation) -> dict[str, Any]:
    """Return an annotation as JSON."""
    return {
        "id": annotation.id,
        "created_at": clock.iso(annotation.created_at),
        "modified": clock.iso(annotation.modified),
        "obj_id": annotation.obj_id,
        "origin": annotation.origin,
        "data": annotation.unpacked(),
        "author_id": annotation.owner_id,
        "author": user_record(annotation.owner_id),
        "groups": group_records(group_ids_of(annotation)),
        "type": "source",
    }


def _find(obj_id: str, origin: str) -> Annotation | None:
    try:
        return Annotation.get(obj_id, ANNOTATION + origin, consistent_read=True)
    except Annotation.DoesNotExist:
        return None


def _new(obj_id: str, origin: str, owner_id: int) -> Annotation:
    return Annotation(obj_id, ANNOTATION + origin, record_id=new_id(), origin=origin, owner_id=owner_id)


def _replace(
    annotation: Annotation, data: dict[str, Any], *, gone: Annotation | None = None, stale_key: str | None
) -> None:
    annotation.pack(data)
    write_remark(annotation, lambda write: _fill(write, annotation, gone), gone)
    if stale_key is not None:
        blobs.remove(stale_key)


def _fill(write: TransactWrite, annotation: Annotation, gone: Annotation | None) -> None:
    if gone is not None:
        write.delete(gone)
    write.save(annotation)


def _taken(existing: Annotation) -> BadRequest:
    return BadRequest(
        f"This source has an annotation of origin {existing.origin!r} already: change number {existing.id} with PUT."
    )
