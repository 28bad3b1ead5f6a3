"""A server that speaks OpenAI's chat API without streaming: records what it is asked and answers as the test says."""

import json
from typing import Any

from tests.support.service import Reaction, Received, StubService

SUMMARY = "A type Ia supernova at z = 0.0246, classified with 90 % probability."


def completion(text: str | None = SUMMARY, finish_reason: str = "stop", refusal: str | None = None) -> Reaction:
    """A success."""
    message = {"role": "assistant", "content": text, "refusal": refusal}
    answer = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [{"index": 0, "finish_reason": finish_reason, "logprobs": None, "message": message}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }
    return _json(200, answer)


def failure(status: int, message: str, headers: dict[str, str] | None = None, **facts: Any) -> Reaction:
    """A failure as OpenAI answers it; `facts` are param and code."""
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None, **facts}
    return _json(status, {"error": error}, headers)


def unsupported(name: str, advice: str = "") -> Reaction:
    """What OpenAI's reasoning models answer to a parameter that they do not take."""
    message = f"Unsupported parameter: '{name}' is not supported with this model. {advice}"
    return failure(400, message, param=name, code="unsupported_parameter")


def _json(status: int, answer: dict[str, Any], headers: dict[str, str] | None = None) -> Reaction:
    return Reaction(status, json.dumps(answer).encode(), {"Content-Type": "application/json", **(headers or {})})


class ChatServer(StubService):
    """Answers with each of `answers` in turn, the last one again and again."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = [completion()]
        self.react = self._next

    def _next(self, got: Received) -> Reaction:
        assert got.path == "/v1/chat/completions"
        assert not got.document.get("stream")
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    @property
    def base_url(self) -> str:
        return self.url.replace("/analysis", "/v1")

    @property
    def requests(self) -> list[dict[str, Any]]:
        return [got.document for got in self.received]

    @property
    def keys(self) -> list[str]:
        """The keys that it was asked with."""
        headers = [{name.lower(): value for name, value in got.headers.items()} for got in self.received]
        return [each["authorization"].removeprefix("Bearer ") for each in headers]

    @property
    def prompt(self) -> str:
        """The data that the last request carried."""
        return self.requests[-1]["messages"][1]["content"]
