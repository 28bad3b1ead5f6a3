"""Bytes in the JSON that DynamoDB speaks: base64 in an attribute `{"B": text}`, or in a set, `{"BS": [text, …]}`."""

import base64
from typing import Any


def with_bytes(value: dict[str, Any]) -> dict[str, Any]:
    """Decode a binary attribute or a set of them; an attribute that is called "B" holds an object, not text."""
    if len(value) == 1:
        [(kind, content)] = value.items()
        if kind == "B" and isinstance(content, str):
            return {kind: base64.b64decode(content)}
        if kind == "BS" and isinstance(content, list):
            return {kind: [base64.b64decode(one) for one in content]}
    return value


def as_base64(value: Any) -> str:  # noqa: ANN401 - what json cannot write
    """Return a binary attribute as DynamoDB reads it; raise TypeError for what is none."""
    if isinstance(value, bytes | bytearray | memoryview):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} is no value of an attribute")
