"""`/api/sources/<id>/comments`."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.accounts.endpoint import endpoint
from chalicelib.accounts.permissions import COMMENT
from chalicelib.http.endpoint import Content
from chalicelib.http.envelope import Reply
from chalicelib.http.pages import PageSize
from chalicelib.http.parsing import Query
from chalicelib.sources.read.attachments import FILE, PREVIEWS, AttachmentQuery, attachment_reply
from chalicelib.sources.records.comments import (
    CommentPost,
    CommentPut,
    add_comment,
    change_comment,
    comment_of,
    comment_record,
    remove_comment,
)
from chalicelib.sources.routes.blueprint import answers, blueprint
from chalicelib.sources.source.partition import data_of
from chalicelib.sources.source.people import remember_people

_COMMENT = "/api/sources/{obj_id}/comments/{comment_id}"
_DEFAULT_PAGE = 25
_ATTACHMENT = Content((FILE, *dict.fromkeys(PREVIEWS.values()), "application/json"))


class CommentsQuery(Query):
    """A text to look for; only then the answer comes in pages, newest first."""

    text: str | None = None
    page_number: Annotated[int, Field(alias="pageNumber", ge=1)] = 1
    num_per_page: Annotated[PageSize, Field(alias="numPerPage")] = _DEFAULT_PAGE


@endpoint(blueprint, "POST", "/api/sources/{obj_id}/comments", permission=COMMENT, answers=lambda: answers.NewComment)
def post_comment(caller: Caller, obj_id: str, body: CommentPost) -> dict[str, int]:
    """Comment on a source."""
    return {"comment_id": add_comment(caller, obj_id, body)}


@endpoint(blueprint, "GET", "/api/sources/{obj_id}/comments", answers=lambda: list[answers.Comment], large=True)
def get_comments(caller: Caller, obj_id: str, query: CommentsQuery) -> list[dict[str, Any]]:
    """Read the comments on a source, oldest first."""
    comments = data_of(caller, obj_id, {"comments"}).comments
    if query.text is not None:
        found = [one for one in reversed(comments) if query.text.lower() in one.text.lower()]
        start = (query.page_number - 1) * query.num_per_page
        comments = tuple(found[start : start + query.num_per_page])
    remember_people(comments)
    return [comment_record(comment) for comment in comments]


@endpoint(blueprint, "GET", _COMMENT, answers=lambda: answers.Comment)
def get_comment(caller: Caller, obj_id: str, comment_id: int) -> dict[str, Any]:
    """Read one comment."""
    return comment_record(comment_of(caller, obj_id, comment_id))


@endpoint(blueprint, "PUT", _COMMENT)
def put_comment(caller: Caller, obj_id: str, comment_id: int, body: CommentPut) -> None:
    """Change a comment; its author may, and who manages sources."""
    change_comment(caller, obj_id, comment_id, body)


@endpoint(blueprint, "GET", f"{_COMMENT}/attachment", answers=lambda: _ATTACHMENT)
def get_attachment(caller: Caller, obj_id: str, comment_id: int, query: AttachmentQuery) -> Reply:
    """Read the file attached to a comment: to be saved, to be shown, or its text as JSON."""
    return attachment_reply(caller, obj_id, comment_id, query)


@endpoint(blueprint, "GET", f"{_COMMENT}/attachment.pdf", answers=lambda: _ATTACHMENT)
def get_attachment_as_pdf(caller: Caller, obj_id: str, comment_id: int, query: AttachmentQuery) -> Reply:
    """Read the same file, for viewers that go by the end of the URL."""
    return attachment_reply(caller, obj_id, comment_id, query)


@endpoint(blueprint, "DELETE", _COMMENT)
def delete_comment(caller: Caller, obj_id: str, comment_id: int) -> None:
    """Remove a comment; its author may, and who manages sources."""
    remove_comment(caller, obj_id, comment_id)
