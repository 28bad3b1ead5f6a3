"""Embeds the summaries of a page of sources, several at a time, and stores their vectors together."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from threading import Event

from chalicelib.sources.items.source import Source
from chalicelib.summary_search import store
from chalicelib.summary_search.embed import author_of, is_current, is_searched, row_of
from chalicelib.summary_search.embeddings import EmbeddingFailed, Fault
from chalicelib.summary_search.keys import Keys, NoKey
from chalicelib.summary_search.pack import Row
from chalicelib.threads import at_once

PAGE = 100
_AT_ONCE = 8
_SECONDS = 10.0
"""In which texts are begun; the last ones may take 20 s more."""


@dataclass(frozen=True, slots=True)
class PageDone:
    """What became of a page; that it is complete means that nothing is to be gained by doing it again now."""

    embedded: int
    refused: int
    without_key: int
    is_complete: bool
    failure: EmbeddingFailed | None
    """Why it is not: the server, whatever the text."""


def embed_page(sources: Sequence[Source]) -> PageDone:
    """Embed the summaries that have no vector yet, or another text's.

    One query and one read for each part that is not remembered; then for each part that changes five calls.
    """
    wanted = [source for source in sources if is_searched(source)]
    seen = {row.obj_id: row for row in store.all_rows()} if wanted else {}
    wanted = [source for source in wanted if not is_current(seen.get(source.obj_id), source)]
    keys, until, ends = Keys(), time.monotonic() + _SECONDS, Event()
    for source in wanted:  # each once, not by several at a time
        keys.of(author_of(source))

    def one(source: Source) -> Row | EmbeddingFailed | NoKey | None:
        if ends.is_set() or time.monotonic() > until:
            return None
        try:
            return row_of(source, seen.get(source.obj_id), keys)
        except NoKey as error:
            return error
        except EmbeddingFailed as error:
            if error.fault is Fault.SERVER:
                ends.set()
            return error

    found = at_once(one, wanted, _AT_ONCE)
    rows = [row for row in found if isinstance(row, Row)]
    store.put_all(rows, seen)
    failures = [error for error in found if isinstance(error, EmbeddingFailed)]
    return PageDone(
        embedded=len(rows),
        refused=sum(error.fault is not Fault.SERVER for error in failures),
        without_key=sum(isinstance(error, NoKey) for error in found),
        is_complete=None not in found,
        failure=next((error for error in failures if error.fault is Fault.SERVER), None),
    )
