"""The hash by which equal analyses are known."""

import hashlib
import json
import re
import secrets
from collections.abc import Mapping
from typing import Any

_LONG = 10_000
_PLAIN = bytes(code for code in range(0x20, 0x7F) if chr(code) not in '"\\')
"""What JSON writes as it is."""


def data_hash(analysis: Mapping[str, Any]) -> str:
    """Return the SHA-256 of an analysis as JSON with sorted keys.

    Long plain texts, such as files in base64, go around the encoder, which takes nine times as long as the hash.
    """
    mark = secrets.token_hex(16)
    texts: list[bytes] = []

    def without(value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, dict):
            return {name: without(part) for name, part in value.items()}
        if isinstance(value, list):
            return [without(part) for part in value]
        if not isinstance(value, str) or len(value) < _LONG or not value.isascii():
            return value
        content = value.encode()
        if content.translate(None, _PLAIN):
            return value
        texts.append(content)
        return f"{mark}{len(texts) - 1}."

    text = json.dumps(without(analysis), sort_keys=True)
    first, *rest = re.split(rf"{mark}(\d+)\.", text)
    digest = hashlib.sha256(first.encode())
    for number, after in zip(rest[::2], rest[1::2], strict=True):
        digest.update(texts[int(number)])
        digest.update(after.encode())
    return digest.hexdigest()
