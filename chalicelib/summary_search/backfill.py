"""Embeds the summaries that were there before there was a key, or by another model: begun by an administrator.

The lists of all groups are gone through in pages, and how far is stored after each. A message of the queue of
embeddings stands for "go on": should one be lost, another call sends it anew; should one come twice, of two that go on
at once one gives up. What has its vector is passed over, so that going through again costs nothing but reading.
"""

import time
from collections.abc import Sequence
from typing import Any

from chalicelib import aws, clock, transactions
from chalicelib.accounts.items.group import Group
from chalicelib.http.errors import Conflict, NotFound
from chalicelib.sources.items.saved import Saved
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.embedding import QUEUE
from chalicelib.summary_search.embeddings import EmbeddingFailed
from chalicelib.summary_search.items.backfill import FINISHED, RUNNING, STOPPED, Backfill
from chalicelib.summary_search.page import PAGE, PageDone, embed_page

MESSAGE = {"backfill": True}
SECONDS = 10.0
"""For which one message goes on; its function has 60 s, and a page may take half of that."""
_MOST_WAITS = 12
_LONGEST_WAIT = 900
_ATTEMPTS = 5


def begin() -> dict[str, Any]:
    """Begin, or go on with what has stopped, and return how far it is; nothing is lost if it runs already.

    Raises
    ------
    Conflict
        Others write it all the time.
    """
    for _ in range(_ATTEMPTS):
        progress = Backfill.find() or Backfill.begun()
        if progress.state == FINISHED:
            _renew(progress)
        progress.state, progress.reason, progress.waits = RUNNING, None, 0
        if _stored(progress):
            aws.send(QUEUE, MESSAGE)
            return shown(progress)
    raise Conflict("Others are doing the same at the same time. Try again.")


def stop() -> dict[str, Any]:
    """Stop it after the page that it is at; nothing if it does not run.

    Raises
    ------
    NotFound
        It was never begun.
    Conflict
        Others write it all the time.
    """
    for _ in range(_ATTEMPTS):
        progress = found()
        if progress.state != RUNNING:
            return shown(progress)
        progress.state, progress.reason = STOPPED, "It was stopped by hand."
        if _stored(progress):
            return shown(progress)
    raise Conflict("Others are doing the same at the same time. Try again.")


def found() -> Backfill:
    """Read how far it is; raise NotFound if it was never begun."""
    progress = Backfill.find()
    if progress is None:
        raise NotFound("The summaries that were there before were not gone through yet: POST begins it.")
    return progress


def shown(progress: Backfill) -> dict[str, Any]:
    """Return how far it is as operators see it."""
    return {
        "state": progress.state,
        "reason": progress.reason,
        "group_id": None if progress.state == FINISHED else progress.group_id or None,
        "looked_at": progress.looked_at,
        "embedded": progress.embedded,
        "refused": progress.refused,
        "without_key": progress.without_key,
        "created_at": clock.iso(progress.created_at),
        "modified": clock.iso(progress.modified),
        "ended_at": None if progress.ended_at is None else clock.iso(progress.ended_at),
    }


def go_on() -> None:
    """Go on for some seconds, then send the message for the rest."""
    until = time.monotonic() + SECONDS
    while (progress := Backfill.find()) is not None and progress.state == RUNNING:
        delay = _one_page(progress)
        if not _stored(progress):
            return  # another one goes on, or it was stopped
        if progress.state == RUNNING and (delay or time.monotonic() >= until):
            aws.send(QUEUE, MESSAGE, delay_seconds=delay)
            return


def _one_page(progress: Backfill) -> int:
    """Do a page, note it, and return how long to wait before the next."""
    group_id, keys, following = _next(progress)
    if group_id is None:
        progress.state, progress.reason, progress.ended_at = FINISHED, None, clock.now()
        return 0
    sources = Source.batch_get(keys, consistent_read=True) if keys else ()
    done = embed_page(list(sources))
    progress.embedded += done.embedded
    progress.group_id = group_id
    if done.failure is not None:
        return _wait_or_stop(progress, done, done.failure)
    progress.reason, progress.waits = None, 0
    if done.is_complete:
        progress.looked_at += len(keys)
        progress.refused += done.refused
        progress.without_key += done.without_key
        progress.last_key, progress.group_id = following, group_id if following else group_id + 1
    return 0


def _wait_or_stop(progress: Backfill, done: PageDone, failure: EmbeddingFailed) -> int:
    progress.waits = 0 if done.embedded else progress.waits + 1
    progress.reason = failure.message
    if failure.is_lasting or progress.waits > _MOST_WAITS:
        progress.state = STOPPED
        return 0
    return min(_LONGEST_WAIT, 15 << progress.waits)


def _next(progress: Backfill) -> tuple[int | None, Sequence[tuple[str, str]], dict[str, Any] | None]:
    """Read the next page: of which group, the keys of its sources, and after what the list goes on, if it does."""
    numbers = [group.id for group in Group.all() if group.id >= progress.group_id]
    if not numbers:
        return None, (), None
    after = progress.last_key if numbers[0] == progress.group_id else None
    page = Saved.by_group.query(numbers[0], limit=PAGE, page_size=PAGE, last_evaluated_key=after)
    keys = [(saved.obj_id, SOURCE_SK) for saved in page]
    return numbers[0], keys, page.last_evaluated_key


def _renew(progress: Backfill) -> None:
    progress.group_id, progress.last_key, progress.ended_at = 0, None, None
    progress.looked_at = progress.embedded = progress.refused = progress.without_key = 0
    progress.created_at = clock.now()


def _stored(progress: Backfill) -> bool:
    progress.modified = clock.now()
    return transactions.holds(progress.save)
