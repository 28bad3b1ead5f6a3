"""The file attached to a comment, as it is asked for."""

from typing import Annotated

from pydantic import Field

from chalicelib.accounts.caller import Caller
from chalicelib.http.disposition import disposition
from chalicelib.http.envelope import Reply, success
from chalicelib.http.errors import BadRequest, NotFound
from chalicelib.http.parsing import Flag, Query
from chalicelib.sources import blobs
from chalicelib.sources.records.comments import comment_of

PREVIEWS = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
"""Content types of what a browser shows by itself, by the end of the file's name."""

FILE = "application/octet-stream"


class AttachmentQuery(Query):
    """How the file is wanted; with both false, its text as JSON."""

    download: Annotated[Flag | None, Field(description="as a file: the default")] = None
    preview: Annotated[Flag, Field(description="shown by the browser instead of saved")] = False


def attachment_reply(caller: Caller, obj_id: str, comment_id: int, query: AttachmentQuery) -> Reply:
    """Return the file attached to a comment: to be saved, to be shown, or its text.

    Raises
    ------
    Forbidden
        There is no such comment, or the caller may not see it.
    NotFound
        The source, or the comment has no attachment.
    BadRequest
        It cannot be shown, or is not text.
    """
    comment = comment_of(caller, obj_id, comment_id)
    if comment.attachment_key is None or comment.attachment_name is None:
        raise NotFound("Comment has no attachment")
    name = comment.attachment_name
    _, dot, end = name.rpartition(".")
    kind = PREVIEWS.get(end.lower()) if dot else None
    if query.download or (query.download is None and not query.preview):
        return Reply(blobs.get(comment.attachment_key), FILE, headers=disposition(name))
    if query.preview:
        if kind is None:
            raise BadRequest(f"Cannot show {name}: only {', '.join(PREVIEWS)} have a preview. Download it instead.")
        return Reply(blobs.get(comment.attachment_key), kind, headers=disposition(name, inline=True))
    try:
        text = blobs.get(comment.attachment_key).decode()
    except UnicodeDecodeError:
        raise BadRequest(f"{name} is not text in UTF-8. Download it instead.") from None
    return success({"commentId": comment.id, "attachment": text, "attachmentName": name})
