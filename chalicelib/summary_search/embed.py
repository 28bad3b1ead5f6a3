"""Keeps the vector of a source in step with its summary and with who may read it."""

from chalicelib.http.logs import LOGGER
from chalicelib.settings import settings
from chalicelib.sources.items.source import Source
from chalicelib.sources.source.access import group_ids_of
from chalicelib.sources.source.embedding import text_hash
from chalicelib.summary_search import store
from chalicelib.summary_search.embeddings import EmbeddingFailed, NoKey, vector_of
from chalicelib.summary_search.pack import Row


def embed(obj_id: str) -> None:
    """Compute the vector of a source's summary if that is another text than before, or remove it with the summary.

    Raises
    ------
    EmbeddingFailed
        Not for now: the queue hands the message out again.
    """
    source, before = Source.find(obj_id), store.row_of(obj_id)
    if source is None or not source.summary or not source.group_ids:
        if before is not None:
            store.put(obj_id, None)
        return
    text, model, groups = text_hash(source.summary), settings().embedding_model, group_ids_of(source)
    if before is not None and (before.text, before.model, before.group_ids) == (text, model, groups):
        return
    if before is not None and (before.text, before.model) == (text, model):
        store.put(obj_id, Row(obj_id, text, model, groups, before.vector))
        return
    try:
        vector = vector_of(source.summary)
    except NoKey:
        return
    except EmbeddingFailed as error:
        if not error.is_lasting:
            raise
        LOGGER.warning("a summary cannot be searched", extra={"reason": error.message})
        return
    store.put(obj_id, Row(obj_id, text, model, groups, vector))
