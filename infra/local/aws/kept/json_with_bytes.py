"""JSON of what moto holds, bytes among it, which are marked as no form of DynamoDB or SQS is."""

import json
from typing import Any

_BYTES = "(bytes)"


def dumps(value: Any) -> str:
    """Write a value in one line."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, default=_marked)


def loads(text: str) -> Any:
    """Read what `dumps` has written."""
    return json.loads(text, object_hook=_unmarked if _BYTES in text else None)


def _marked(content: object) -> dict[str, str]:
    if not isinstance(content, bytes):
        raise TypeError(type(content))
    return {_BYTES: content.hex()}


def _unmarked(value: dict[str, Any]) -> Any:
    found = value.get(_BYTES)
    return bytes.fromhex(found) if isinstance(found, str) else value
