"""Keeps the vector of a source in step with its summary and with who may read it."""

from array import array

from chalicelib.http.logs import LOGGER
from chalicelib.settings import settings
from chalicelib.sources.items.source import Source
from chalicelib.sources.source.access import group_ids_of
from chalicelib.sources.source.embedding import text_hash
from chalicelib.summary_search import store
from chalicelib.summary_search.embeddings import EmbeddingFailed, vector_of
from chalicelib.summary_search.keys import Keys, NoKey
from chalicelib.summary_search.pack import Row


def embed(obj_id: str) -> None:
    """Compute the vector of a source's summary if that is another text than before, or remove it with the summary.

    Raises
    ------
    EmbeddingFailed
        Not for now: the queue hands the message out again.
    """
    source, before = Source.find(obj_id), store.row_of(obj_id)
    if source is None or not is_searched(source):
        if before is not None:
            store.put(obj_id, None)
        return
    if is_current(before, source):
        return
    try:
        row = row_of(source, before, Keys())
    except NoKey:
        return
    except EmbeddingFailed as error:
        if not error.is_lasting:
            raise
        LOGGER.warning("a summary cannot be searched", extra={"reason": error.message})
        return
    store.put(obj_id, row)


def is_searched(source: Source) -> bool:
    """Say whether a source has a summary, and anybody who may read it."""
    return bool(source.summary) and bool(source.group_ids)


def is_current(before: Row | None, source: Source) -> bool:
    """Say whether a vector is that of a source's summary, by the site's model, for those who may read it."""
    groups = group_ids_of(source)
    return _is_of_text(before, source) and before is not None and before.group_ids == groups


def row_of(source: Source, before: Row | None, keys: Keys) -> Row:
    """Return the vector of a source's summary; what was computed of the same text is kept.

    Raises
    ------
    NoKey
        There is no key for it.
    EmbeddingFailed
        None of the keys led to a vector.
    """
    text, model, groups = text_hash(source.summary or ""), settings().embedding_model, group_ids_of(source)
    known = before if _is_of_text(before, source) else None
    vector = _vector(source, keys) if known is None else known.vector
    return Row(source.obj_id, text, model, groups, vector)


def author_of(source: Source) -> int | None:
    """Return who wrote a source's summary, or asked a language model for it."""
    history = source.summary_history
    return history[0]["set_by_user_id"] if history else None


def _is_of_text(before: Row | None, source: Source) -> bool:
    wanted = (text_hash(source.summary or ""), settings().embedding_model)
    return before is not None and (before.text, before.model) == wanted


def _vector(source: Source, keys: Keys) -> "array[float]":
    """Return the vector of a summary by the first key that the server takes: its author's own, then the site's."""
    failure: EmbeddingFailed | None = None
    for key in keys.of(author_of(source)):
        try:
            return vector_of(source.summary or "", key)
        except EmbeddingFailed as error:
            failure = error
    raise NoKey if failure is None else failure
