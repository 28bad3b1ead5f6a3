"""The vector of a question by the asker's own key, which the API's function cannot decrypt: that of the queue does."""

import time
import uuid
from array import array

from chalicelib import aws
from chalicelib.sources.source.embedding import QUEUE
from chalicelib.summary_search.embeddings import EmbeddingFailed, Fault, vector_of
from chalicelib.summary_search.items.question import Question
from chalicelib.summary_search.keys import NO_KEY, own_key
from chalicelib.summary_search.pack import floats_of, packed_floats

_SECONDS = 20.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 0.5


def ask(user_id: int, text: str) -> "array[float]":
    """Have a question embedded and wait for it.

    Raises
    ------
    EmbeddingFailed
        The server refuses, or it takes too long.
    """
    number, until, pause = uuid.uuid4().hex, time.monotonic() + _SECONDS, _FIRST_PAUSE
    aws.send(QUEUE, {"question": number, "user_id": user_id, "text": text, "until": time.time() + _SECONDS})
    while time.monotonic() < until:
        time.sleep(pause)
        pause = min(_LONGEST_PAUSE, 1.5 * pause)
        known = Question.find(number)
        if known is not None and known.floats is not None:
            return floats_of(known.floats)
        if known is not None:
            raise EmbeddingFailed(known.failure or NO_KEY, is_lasting=known.is_lasting, fault=Fault.OWN_KEY)
    raise EmbeddingFailed("Your question was not embedded in time. Try again later.", fault=Fault.OWN_KEY)


def embed_question(number: str, user_id: int, text: str, until: float) -> None:
    """Embed a question that somebody still waits for."""
    if time.time() > until:
        return
    question, key = Question.of(number), own_key(user_id)
    if key is None:
        question.failure, question.is_lasting = NO_KEY, True  # it was removed a moment ago
    else:
        try:
            question.floats = packed_floats(vector_of(text, key))
        except EmbeddingFailed as error:
            question.failure, question.is_lasting = error.message, error.is_lasting
    question.save()
