"""A server that speaks OpenAI's embeddings API: texts that share words are similar."""

import hashlib
import json
import re
from typing import Any

from tests.support.service import Reaction, Received, StubService

DIMENSIONS = 256


def vector_of(text: str) -> list[float]:
    """A bag of words, each at a place of its own as good as always."""
    vector = [0.0] * DIMENSIONS
    for word in re.findall(r"\w+", text.lower()):
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % DIMENSIONS] += 1.0
    return vector


class EmbeddingServer(StubService):
    """Answers with vectors, or with `failing` if that is set."""

    def __init__(self) -> None:
        super().__init__()
        self.failing: Reaction | None = None
        self.react = self._answer

    def _answer(self, got: Received) -> Reaction:
        assert got.path == "/v1/embeddings"
        if self.failing is not None:
            return self.failing
        vectors = [{"object": "embedding", "index": 0, "embedding": vector_of(got.document["input"])}]
        answer = {"object": "list", "data": vectors, "model": got.document["model"]}
        return Reaction(200, json.dumps(answer).encode(), {"Content-Type": "application/json"})

    @property
    def base_url(self) -> str:
        return self.url.replace("/analysis", "/v1")

    @property
    def texts(self) -> list[Any]:
        """What it was asked for."""
        return [got.document["input"] for got in self.received]
