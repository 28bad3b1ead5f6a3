"""`/api/sources`: saving, reading, changing and unsaving a source."""

from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import MANAGE_SOURCES, UPLOAD_DATA
from chalicelib.http.envelope import Reply
from chalicelib.http.parsing import Body
from chalicelib.sources.read.source_with_data import DetailQuery, source_detail
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.access import readable_source
from chalicelib.sources.source.apply_body import apply_fields
from chalicelib.sources.source.body import SourceFields, SourcePost
from chalicelib.sources.source.optimistic_update import change_source
from chalicelib.sources.source.save import save_source, unsave_source


class SourceDelete(Body):
    """Which group gives the source up; all of the caller's if none is named."""

    group_id: int | None = None


@endpoint(blueprint, "POST", "/api/sources", permission=UPLOAD_DATA, answers=lambda: answers.SavedSource)
def post_source(caller: Caller, body: SourcePost) -> dict[str, Any]:
    """Save a source to groups."""
    return {"id": body.id, "saved_to_groups": save_source(caller, body)}


@endpoint(blueprint, "GET", "/api/sources/{obj_id}", answers=lambda: answers.Source, large=True)
def get_source(caller: Caller, obj_id: str, query: DetailQuery) -> dict[str, Any]:
    """Read a source."""
    return source_detail(caller, obj_id, query)


@endpoint(blueprint, "HEAD", "/api/sources/{obj_id}")
def head_source(caller: Caller, obj_id: str) -> Reply:
    """Say whether the caller may see a source."""
    readable_source(caller, obj_id)
    return Reply(b"")


@endpoint(blueprint, "PATCH", "/api/sources/{obj_id}", permission=UPLOAD_DATA)
def patch_source(caller: Caller, obj_id: str, body: SourceFields) -> None:
    """Change what is given; null clears."""
    change_source(lambda: readable_source(caller, obj_id), lambda source: apply_fields(source, body, caller.user_id))


@endpoint(blueprint, "DELETE", "/api/sources/{obj_id}", permission=MANAGE_SOURCES)
def delete_source(caller: Caller, obj_id: str, body: SourceDelete) -> None:
    """Take a source out of one group, or of all the caller's."""
    unsave_source(caller, obj_id, body.group_id)
