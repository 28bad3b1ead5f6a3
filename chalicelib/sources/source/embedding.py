"""Tells the search of summaries that the summary of a source, or who may read it, has changed."""

import hashlib

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws
from chalicelib.http.logs import LOGGER
from chalicelib.sources.items.source import Source

QUEUE = "embed"

_LATER_SECONDS = 35
"""Longer than the API function may run (29 s): a message sent before a write is read after it."""


def text_hash(text: str) -> str:
    """Return what tells a summary from another one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def note(source: Source) -> bool:
    """Note on a source what is searched of it, before it is written, and say whether that is something else now.

    A message goes out first, to be read when the write is over: who dies in between loses nothing. If the queue does
    not take it, the next write of the source tries again.
    """
    groups = ",".join(map(str, sorted(source.group_ids or ())))
    searched = None if source.summary is None else f"{text_hash(source.summary)}#{text_hash(groups)[:8]}"
    if searched == source.searched or not _sent(source.obj_id, _LATER_SECONDS):
        return False
    source.searched = searched
    return True


def tell(obj_id: str) -> None:
    """Tell at once, when it is written; should this be lost, the other message comes."""
    _sent(obj_id)


def _sent(obj_id: str, delay_seconds: int = 0) -> bool:
    try:
        aws.send(QUEUE, {"obj_id": obj_id}, delay_seconds=delay_seconds)
    except (BotoCoreError, ClientError):
        LOGGER.warning("the queue of embeddings did not take a message", exc_info=True)
        return False
    return True
