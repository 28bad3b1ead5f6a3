"""Finds the sources whose summaries mean what was asked for.

What is found is read anew before it is shown: only what the caller may read, with the summary that it has now.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.accounts.caller import Caller
from chalicelib.http.errors import BadRequest, Unavailable
from chalicelib.settings import settings
from chalicelib.sources.items.classification import Classification
from chalicelib.sources.items.source import SOURCE_SK, Source
from chalicelib.sources.source.access import may_read, readable_source, visible
from chalicelib.sources.source.embedding import text_hash
from chalicelib.sources.source.remarks import remarks_of
from chalicelib.summary_search import store
from chalicelib.summary_search.body import SummaryQuery
from chalicelib.summary_search.embeddings import EmbeddingFailed, vector_of
from chalicelib.summary_search.keys import NO_KEY, site_key, wants_own
from chalicelib.summary_search.pack import Row, similarity
from chalicelib.summary_search.question import ask

_READ_AT_ONCE = 100
MOST_READ = 3000
"""Sources that one question looks at, the most similar first: filters leave out the others."""

Found = dict[str, Any]


def search(caller: Caller, wanted: SummaryQuery) -> list[Found]:
    """Return the sources that are most similar, with their scores.

    An embedding of the question, unless it is that of a source; one read of the caller's preferences, one query and
    what is not remembered of the vectors; then a call for a hundred sources, two more if classes are asked for. With
    a key of the caller's own a message, and reads until it is answered.

    Raises
    ------
    BadRequest
        There is no key, or the embedding model does not take the question.
    NotFound
        The caller cannot see the source that was named.
    Unavailable
        The server of the embedding model does not answer.
    """
    own = wants_own(caller.user_id)
    if not own and site_key() is None:
        raise BadRequest(NO_KEY)
    like = None if wanted.q else readable_source(caller, wanted.obj_id or "")
    rows = [row for row in store.all_rows() if row.model == settings().embedding_model]
    if like is None:
        asked: Sequence[float] = _asked(caller, wanted.q or "", own=own)
    else:
        its = next((row for row in rows if row.obj_id == like.obj_id and _is_current(row, like)), None)
        if its is None:
            return []
        asked = its.vector
    scored = sorted(
        (
            (similarity(asked, row.vector), row)
            for row in rows
            if len(row.vector) == len(asked) and caller.reaches(row.group_ids)
        ),
        key=lambda one: (-one[0], one[1].obj_id),
    )
    found: list[Found] = []
    for first in range(0, min(len(scored), MOST_READ), _READ_AT_ONCE):
        found += _permitted(caller, wanted, scored[first : first + _READ_AT_ONCE])
        if len(found) >= wanted.k:
            break
    return found[: wanted.k]


def _asked(caller: Caller, text: str, *, own: bool) -> Sequence[float]:
    key = None if own else site_key()
    try:
        return ask(caller.user_id, text) if key is None else vector_of(text, key)
    except EmbeddingFailed as error:
        if error.is_lasting:
            raise BadRequest(error.message) from None
        raise Unavailable(error.message, retry_after=10) from None


def _permitted(caller: Caller, wanted: SummaryQuery, scored: Sequence[tuple[float, Row]]) -> Iterator[Found]:
    """Yield those that the caller may read, whose summary is still the same, and that the filters leave."""
    keys = [(row.obj_id, SOURCE_SK) for _, row in scored]
    sources = {source.obj_id: source for source in Source.batch_get(keys, consistent_read=True)}
    kept = [
        (score, source)
        for score, row in scored
        if (source := sources.get(row.obj_id)) is not None
        and may_read(caller, source)
        and _is_current(row, source)
        and wanted.has_redshift(source.redshift)
    ]
    classes = _classes(caller, [source.obj_id for _, source in kept])
    for score, source in kept:
        named = classes.get(source.obj_id, [])
        if wanted.classification_types and not set(wanted.classification_types) & set(named):
            continue
        yield {
            "id": source.obj_id,
            "score": max(-1.0, min(1.0, score)),
            "metadata": {"redshift": source.redshift, "class": named, "summary": source.summary},
        }


def _is_current(row: Row, source: Source) -> bool:
    return bool(source.summary) and row.text == text_hash(source.summary or "")


def _classes(caller: Caller, obj_ids: Sequence[str]) -> dict[str, list[str]]:
    """Return the classes of sources that the caller may read, each once."""
    found: dict[str, list[str]] = {}
    remarks = (
        visible(caller, [one for one in remarks_of(obj_ids) if isinstance(one, Classification)]) if obj_ids else ()
    )
    for one in remarks:
        names = found.setdefault(one.obj_id, [])
        if one.classification not in names:
            names.append(one.classification)
    return found
