"""Lets moto forget what is gone, and what never was.

It lists all items, messages and objects that it ever made, receipts that were deleted, and objects without a tag.
"""

import functools
from typing import Any

from moto.core.common_models import BaseModel
from moto.s3.models import FakeKey
from moto.sqs.models import Queue
from moto.utilities.tagging_service import TaggingService

_MOST_DELETED = 10_000
"""Receipts of deleted messages, by which a deletion that is asked for again is known."""
_delete = Queue.delete_message
_tag = TaggingService.tag_resource


def install() -> None:
    """Let the memory that is taken depend on what is stored, not on what has been."""
    BaseModel.__new__ = staticmethod(_made)
    FakeKey.__del__ = _closed
    Queue.delete_message = _delete_message
    TaggingService.tag_resource = _tag_resource


def _made(kind: type[Any], *_: object, **__: object) -> Any:  # noqa: ANN401 - moto has no types
    return object.__new__(kind)


def _closed(key: Any) -> None:  # noqa: ANN401 - same
    key.dispose()


@functools.wraps(_delete)
def _delete_message(queue: Any, receipt_handle: str) -> None:  # noqa: ANN401 - same
    _delete(queue, receipt_handle)
    if len(queue.deleted_messages) > _MOST_DELETED:
        queue.deleted_messages.clear()


@functools.wraps(_tag)
def _tag_resource(service: Any, arn: str, tags: Any) -> None:  # noqa: ANN401 - same
    if tags:
        _tag(service, arn, tags)
