"""Comments on a source."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib import clock
from chalicelib.accounts.caller import Caller
from chalicelib.accounts.groups.groups import group_records
from chalicelib.accounts.permissions import COMMENT as MAY_COMMENT
from chalicelib.accounts.users.users import user_record
from chalicelib.http.errors import Forbidden
from chalicelib.http.parsing import Body
from chalicelib.ids import new_id
from chalicelib.registry import sort_key
from chalicelib.sources.items.comment import COMMENT, Comment
from chalicelib.sources.source.access import GroupIds, check_change, group_ids_of, readable_source, shared_groups
from chalicelib.sources.source.body import Text

_MOST_CHARACTERS = 50_000  # UTF-8 takes up to four bytes each, and an item stays under 300 kB


class CommentPost(Body):
    """What somebody says."""

    text: Annotated[str, Field(min_length=1, max_length=_MOST_CHARACTERS)]
    origin: Text = None
    group_ids: GroupIds = None


def add_comment(caller: Caller, obj_id: str, post: CommentPost) -> int:
    """Store a comment and return its number; whoever uses a token counts as a robot, as in SkyPortal."""
    source = readable_source(caller, obj_id)
    number = new_id()
    Comment(
        obj_id,
        COMMENT + sort_key(number),
        record_id=number,
        owner_id=caller.user_id,
        group_ids=set(shared_groups(caller, source, post.group_ids)),
        text=post.text,
        origin=post.origin,
        bot=True,
    ).save(Comment.sk.does_not_exist())
    return number


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
    """Delete a comment; raise Forbidden to all but its author and those who manage sources."""
    comment = comment_of(caller, obj_id, comment_id)
    check_change(caller, comment, MAY_COMMENT)
    comment.delete()


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
        "attachment_name": None,
        "author_id": comment.owner_id,
        "author": user_record(comment.owner_id),
        "groups": group_records(group_ids_of(comment)),
        "resourceType": "sources",
    }
