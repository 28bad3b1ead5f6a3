"""Comments on a source."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib import clock, transactions
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.permissions import COMMENT as MAY_COMMENT
from chalicelib.accounts.users.users import user_record
from chalicelib.http.errors import ApiError, Forbidden
from chalicelib.ids import new_id
from chalicelib.registry import sort_key
from chalicelib.sources import blobs
from chalicelib.sources.items.comment import COMMENT, Comment
from chalicelib.sources.records.attachments import WithFile, attachment_of, stored
from chalicelib.sources.source.access import GroupIds, check_change, group_ids_of, readable_source, shared_groups
from chalicelib.sources.source.body import Text
from chalicelib.sources.source.optimistic_update import again_on_conflict, write_item

_MOST_CHARACTERS = 50_000  # UTF-8 takes up to four bytes each, and an item stays under 300 kB


Words = Annotated[str, Field(min_length=1, max_length=_MOST_CHARACTERS)]


class CommentPost(WithFile):
    """What somebody says, with a file if there is one."""

    text: Words
    origin: Text = None
    group_ids: GroupIds = None


class CommentPut(WithFile):
    """What changes; what is not given stays, and `"attachment": null` takes the file off."""

    text: Words | None = None
    group_ids: GroupIds = None


def add_comment(caller: Caller, obj_id: str, post: CommentPost) -> int:
    """Store a comment and return its number; whoever uses a token counts as a robot, as in SkyPortal."""
    attachment = attachment_of(post)
    source = readable_source(caller, obj_id)
    number = new_id()
    comment = Comment(
        obj_id,
        COMMENT + sort_key(number),
        record_id=number,
        owner_id=caller.user_id,
        group_ids=set(shared_groups(caller, source, post.group_ids)),
        text=post.text,
        origin=post.origin,
        bot=not caller.is_at_pages,
    )
    if attachment is not None:
        comment.attachment_name, comment.attachment_key = attachment.name, stored(obj_id, number, attachment)
    comment.save(Comment.sk.does_not_exist())
    return number


def change_comment(caller: Caller, obj_id: str, comment_id: int, put: CommentPut) -> None:
    """Change a comment; raise Forbidden to all but its author and those who manage sources."""
    attachment = attachment_of(put)
    source = readable_source(caller, obj_id)
    groups = shared_groups(caller, source, put.group_ids) if put.group_ids else None
    _changeable(caller, obj_id, comment_id)
    key = None if attachment is None else stored(obj_id, comment_id, attachment)

    def once() -> str | None:
        comment = _changeable(caller, obj_id, comment_id)
        before: str | None = comment.attachment_key
        if attachment is not None or "attachment" in put.model_fields_set:
            comment.attachment_name = None if attachment is None else attachment.name
            comment.attachment_key = key
        comment.text, comment.modified = put.text or comment.text, clock.now()
        comment.group_ids = set(group_ids_of(comment) if groups is None else groups)
        write_item(comment)
        return before if before != comment.attachment_key else None

    try:
        _remove(again_on_conflict(once))
    except ApiError:
        _remove(key)
        raise


def comment_of(caller: Caller, obj_id: str, comment_id: int) -> Comment:
    """Read a comment; raise Forbidden if there is none that the caller may see."""
    readable_source(caller, obj_id)
    try:
        comment = Comment.get(obj_id, COMMENT + sort_key(comment_id), consistent_read=True)
    except Comment.DoesNotExist:
        comment = None
    if comment is None or not caller.reaches(group_ids_of(comment)):
        raise Forbidden("Cannot access this comment.")
    return comment


def remove_comment(caller: Caller, obj_id: str, comment_id: int) -> None:
    """Delete a comment and its file; raise Forbidden to all but its author and those who manage sources."""

    def once() -> str | None:
        comment = _changeable(caller, obj_id, comment_id)
        transactions.write(lambda write: write.delete(comment))
        key: str | None = comment.attachment_key
        return key

    _remove(again_on_conflict(once))


def comment_record(comment: Comment) -> dict[str, Any]:
    """Return a comment as JSON."""
    return {
        "id": comment.id,
        "created_at": clock.iso(comment.created_at),
        "modified": clock.iso(comment.modified),
        "obj_id": comment.obj_id,
        "text": comment.text,
        "origin": comment.origin,
        "bot": comment.bot,
        "system": False,
        "channel": None,
        "attachment_name": comment.attachment_name,
        "author_id": comment.owner_id,
        "author": user_record(comment.owner_id),
        "groups": group_records(group_ids_of(comment)),
        "resourceType": "sources",
    }


def _changeable(caller: Caller, obj_id: str, comment_id: int) -> Comment:
    comment = comment_of(caller, obj_id, comment_id)
    check_change(caller, comment, MAY_COMMENT)
    return comment


def _remove(key: str | None) -> None:
    if key is not None:
        blobs.remove(key)
