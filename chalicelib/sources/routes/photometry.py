"""`/api/photometry` and `/api/sources/<id>/photometry`."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import UPLOAD_DATA
from chalicelib.http.errors import BadRequest
from chalicelib.http.parsing import Flag, Query
from chalicelib.sources.items.photometry import Photometry
from chalicelib.sources.photometry.change import rewrite_points
from chalicelib.sources.photometry.post import PhotometryPost
from chalicelib.sources.photometry.record import Format, System, photometry_records, without_duplicates
from chalicelib.sources.photometry.upload import post_photometry as store
from chalicelib.sources.photometry.upload import put_photometry as merge
from chalicelib.sources.records.own_files import forget_originals
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.access import check_change
from chalicelib.sources.source.find_record import find_record
from chalicelib.sources.source.partition import data_of


class PhotometryQuery(Query):
    """How points are shown."""

    format: Format = "mag"
    magsys: System = "ab"
    owners: Annotated[Flag, Field(alias="includeOwnerInfo")] = False
    deduplicate: Annotated[Flag, Field(alias="deduplicatePhotometry")] = False


class MergeQuery(Query):
    """What SkyPortal's PUT can do and this one cannot."""

    duplicate_ignore_flux: Flag = False
    overwrite_flux: Flag = False


@endpoint(blueprint, "POST", "/api/photometry", permission=UPLOAD_DATA, answers=lambda: answers.UploadedPhotometry)
def post_photometry(caller: Caller, body: PhotometryPost) -> dict[str, Any]:
    """Store new photometry, all of it or nothing."""
    return store(caller, body)


@endpoint(blueprint, "PUT", "/api/photometry", permission=UPLOAD_DATA, answers=lambda: answers.UploadedPhotometry)
def put_photometry(caller: Caller, body: PhotometryPost, query: MergeQuery) -> dict[str, Any]:
    """Store what is new and merge the rest."""
    if query.duplicate_ignore_flux or query.overwrite_flux:
        raise BadRequest("duplicate_ignore_flux and overwrite_flux are not supported: delete the old points instead.")
    return merge(caller, body)


@endpoint(
    blueprint, "GET", "/api/sources/{obj_id}/photometry", answers=lambda: list[answers.PhotometryPoint], large=True
)
def get_source_photometry(caller: Caller, obj_id: str, query: PhotometryQuery) -> list[dict[str, Any]]:
    """Read the photometry of a source, by time."""
    points = data_of(caller, obj_id, {"photometry"}).photometry
    kept = without_duplicates(points) if query.deduplicate else points
    return photometry_records(kept, form=query.format, system=query.magsys, owners=query.owners)


@endpoint(blueprint, "GET", "/api/photometry/{photometry_id}", answers=lambda: answers.PhotometryPoint)
def get_photometry(caller: Caller, photometry_id: int, query: PhotometryQuery) -> dict[str, Any]:
    """Read one point."""
    point = find_record(caller, Photometry, photometry_id)
    (record,) = photometry_records([point], form=query.format, system=query.magsys, owners=query.owners)
    return record


@endpoint(blueprint, "DELETE", "/api/photometry/{photometry_id}")
def delete_photometry(caller: Caller, photometry_id: int) -> None:
    """Remove one point; its owner may, and who manages sources."""
    point = find_record(caller, Photometry, photometry_id)
    check_change(caller, point, UPLOAD_DATA)
    forget_originals(point.obj_id, point.id)
    rewrite_points(point.obj_id, lambda other: None if other.sk == point.sk else {})
