"""Files attached to comments: as callers send them, in base64, and as they lie in S3."""

import base64
import binascii
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from chalicelib.http.errors import BadRequest, TooLarge
from chalicelib.http.parsing import Body
from chalicelib.ids import new_id
from chalicelib.sources import blobs

MOST_BYTES = 3_000_000
"""As much as a body can carry in base64, beside the comment itself."""

_BYTES_OF_FOUR_CHARACTERS = 3


def _printable(name: str) -> str:
    if not name.strip() or not name.isprintable():
        raise ValueError("must consist of printable characters")
    return name


FileName = Annotated[str, Field(max_length=255), AfterValidator(_printable)]
Base64 = Annotated[str, Field(description="base64, also as a data URL")]


class File(Body):
    """A file."""

    name: FileName
    body: Base64


class WithFile(Body):
    """What a comment may carry: a file under one name or another."""

    attachment: File | None = None
    attachment_name: FileName | None = None
    attachment_bytes: Base64 | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file and its bytes."""

    name: str
    content: bytes


def attachment_of(post: WithFile) -> Attachment | None:
    """Return the file that came along with a comment.

    Raises
    ------
    BadRequest
        A name without bytes or the other way round, or no base64.
    TooLarge
        More than `MOST_BYTES`.
    """
    if post.attachment is not None:
        return Attachment(post.attachment.name, _decoded("attachment.body", post.attachment.body))
    if (post.attachment_name is None) != (post.attachment_bytes is None):
        raise BadRequest("Malformed comment attachment: attachment_name and attachment_bytes must be given together.")
    if post.attachment_name is None or post.attachment_bytes is None:
        return None
    return Attachment(post.attachment_name, _decoded("attachment_bytes", post.attachment_bytes))


def stored(obj_id: str, comment_id: int, attachment: Attachment) -> str:
    """Put a file into S3 and return its key, which no other file has."""
    key = blobs.key_of(obj_id, f"comment-{comment_id}-{new_id()}")
    blobs.put(key, attachment.content, content_type="application/octet-stream")
    return key


def _decoded(field: str, text: str) -> bytes:
    digits = "".join(text.rpartition("base64,")[2].split())
    if len(digits) // 4 * _BYTES_OF_FOUR_CHARACTERS > MOST_BYTES + _BYTES_OF_FOUR_CHARACTERS:
        raise _too_large(len(digits) // 4 * _BYTES_OF_FOUR_CHARACTERS)
    try:
        content = base64.b64decode(digits, validate=True)
    except (binascii.Error, ValueError):
        raise BadRequest(f"Malformed comment attachment: {field} is not base64.") from None
    if len(content) > MOST_BYTES:
        raise _too_large(len(content))
    return content


def _too_large(size: int) -> TooLarge:
    return TooLarge(f"The attachment has {size} bytes; at most {MOST_BYTES} are accepted.")
